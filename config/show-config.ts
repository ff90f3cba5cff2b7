import { Document, isMap, isNode, visit, type Node } from "yaml";
import type { Config } from "./config.ts";
import { formatPath, type Path } from "./fault.ts";
import { formatEndpoint, type Endpoint } from "./rules.ts";
import { secretOfKey } from "./secret-rules.ts";
import { Secret } from "./secret.ts";

/** The effective configuration in forms that may be shown. */
export interface ShownConfig {
  /** YAML that loads to the same configuration again; defaults and secrets are marked by comments. */
  readonly shown: string;
  /** The same as a plain value. A secret stands there as the name of its file or variable. */
  readonly effective: unknown;
  /** Paths of the values that came from defaults, e.g. `agent.logLevel`. */
  readonly defaulted: readonly string[];
}

/** Shows a configuration without its secrets. `given` is the value as it stood in the file. */
export function showConfig(config: Config, given: unknown): ShownConfig {
  const effective = plain(config);
  const document = new Document(effective);
  const defaulted: string[] = [];
  for (const path of leaves(effective)) {
    const node = document.getIn(path, true);
    if (!isNode(node)) continue;
    if (isSecretKey(path)) note(node, "secret, not shown 密钥不显示");
    else if (!has(given, path)) {
      note(node, "default 默认值");
      defaulted.push(formatPath(path));
    }
  }
  blockStyle(document);
  return { shown: document.toString({ lineWidth: 0 }), effective, defaulted };
}

const note = (node: Node, text: string): void => {
  node.comment = ` ${text}`;
};

/** Endpoints as text and secrets as the name of their file or variable, each in its place. */
function plain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (isEndpoint(value)) return formatEndpoint(value);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) =>
      inner instanceof Secret
        ? [`${key}${inner.origin.kind === "file" ? "File" : "Env"}`, inner.origin.name]
        : [key, plain(inner)],
    ),
  );
}

function isEndpoint(value: object): value is Endpoint {
  return Object.keys(value).length === 2 && "host" in value && "port" in value;
}

const isSecretKey = (path: Path): boolean => secretOfKey(String(path.at(-1))) !== undefined;

function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const steps: readonly (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return steps.flatMap((step) => leaves(Reflect.get(value, step), [...path, step]));
}

function has(value: unknown, path: Path): boolean {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return false;
    current = Reflect.get(current, step);
  }
  return true;
}

/** A blank line between the sections makes the listing readable. */
function blockStyle(document: Document): void {
  visit(document, {
    Map: (key, node) => {
      if (key !== null) return visit.BREAK;
      node.items.slice(1).forEach(({ key: name, value }) => {
        if (isNode(name) && (isMap(value) || isNode(value))) name.spaceBefore = true;
      });
      return visit.BREAK;
    },
  });
}
