import { isAbsolute, resolve } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import type { Config } from "./config.ts";
import { crossChecks } from "./cross-checks.ts";
import type { ConfigFault } from "./fault.ts";
import { schemaFaults } from "./schema-faults.ts";
import { schema, type ParsedConfig } from "./schema.ts";
import { readSecrets, type SecretAccess, type Secrets } from "./secrets.ts";
import { SourceMap } from "./source-map.ts";
import { leadingZeros, refusedFeatures, syntaxFaults } from "./yaml-faults.ts";

/** A checked configuration, or everything that is wrong with it, in the order of the file. */
export type ConfigResult =
  | {
      readonly ok: true;
      readonly config: Config;
      /** The value as it stood in the file, before defaults. */
      readonly given: unknown;
    }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

/** Far above any real store; a file beyond it is a mistake (a log, a disk image) and would only cost memory. */
const mostCharacters = 1_048_576;

/**
 * Checks the text of a configuration file (YAML 1.2, one document) and makes the effective configuration of it. Reports all faults
 * at once; only broken YAML hides what is behind it. Never throws, whatever the text. Relative paths start from `access.base`.
 */
export function loadConfig(text: string, access: SecretAccess): ConfigResult {
  if (text.length > mostCharacters) return { ok: false, faults: [tooLarge] };
  try {
    return check(text, access);
  } catch (error) {
    // The parser recurses: text nested thousands deep exhausts the stack. That is a fault of the text, not of the program.
    if (error instanceof RangeError) return { ok: false, faults: [tooDeep] };
    throw error;
  }
}

function check(text: string, access: SecretAccess): ConfigResult {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    stringKeys: true,
  });
  const map = new SourceMap(document, lines);
  const syntax = [...syntaxFaults(document, map, text), ...refusedFeatures(document, map)];
  // A key given twice leaves a value that can be checked further; anything else here leaves guesses.
  if (syntax.some((fault) => fault.code !== "DUPLICATE_KEY")) return { ok: false, faults: inOrder(syntax) };
  const given: unknown = document.toJS();
  const parsed = schema.safeParse(given);
  const secrets = readSecrets(given, map, access);
  const found = parsed.success ? [] : schemaFaults(parsed.error.issues, given, map);
  const faults = inOrder([
    ...syntax,
    ...found,
    ...crossChecks(given, map),
    ...secrets.faults,
    ...leadingZeros(document, map).filter((zero) => !found.some((fault) => samePlace(fault, zero))),
  ]);
  if (!parsed.success || faults.length > 0) return { ok: false, faults };
  return { ok: true, config: settle(parsed.data, secrets, access.base), given };
}

const samePlace = (a: ConfigFault, b: ConfigFault): boolean => a.line === b.line && a.column === b.column;

const inOrder = (faults: readonly ConfigFault[]): readonly ConfigFault[] =>
  faults.toSorted((a, b) => a.line - b.line || a.column - b.column);

/** Puts secrets in the place of their names and makes every path absolute. */
function settle(parsed: ParsedConfig, secrets: Secrets, base: string): Config {
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(base, path));
  const { regionKeyFile: _file, regionKeyEnv: _env, ...identity } = parsed.identity;
  const { passwordFile: _passwordFile, passwordEnv: _passwordEnv, caFile, ...uplink } = parsed.uplink;
  return {
    ...parsed,
    agent: { ...parsed.agent, dataDir: absolute(parsed.agent.dataDir) },
    lanes: parsed.lanes.map((lane) => ({
      ...lane,
      devices: lane.devices.map((device) =>
        device.type === "printer-serial" ? { ...device, path: absolute(device.path) } : device,
      ),
    })),
    identity: { ...identity, ...(secrets.regionKey === undefined ? {} : { regionKey: secrets.regionKey }) },
    uplink: {
      ...uplink,
      ...(caFile === undefined ? {} : { caFile: absolute(caFile) }),
      ...(secrets.password === undefined ? {} : { password: secrets.password }),
    },
  };
}

const wholeFile = { line: 1, column: 1, path: "" } as const;

const tooLarge: ConfigFault = {
  code: "TOO_LARGE",
  ...wholeFile,
  message: { "zh-CN": "文件超过 1 MiB", en: "the file is larger than 1 MiB" },
  hint: { "zh-CN": "检查 --config 是否指向了别的文件。", en: "Check that --config names the right file." },
};

const tooDeep: ConfigFault = {
  code: "TOO_LARGE",
  ...wholeFile,
  message: { "zh-CN": "嵌套层数过多", en: "nested too deeply" },
  hint: { "zh-CN": "检查 --config 是否指向了别的文件。", en: "Check that --config names the right file." },
};
