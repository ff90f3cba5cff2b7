import { isMap, isNode, isPair, isScalar, isSeq, type Document, type LineCounter, type Node } from "yaml";
import { formatPath, type ConfigFault, type ConfigFaultCode, type Path } from "./fault.ts";
import type { RuleText } from "./rules.ts";

/** Where a fault points: at a value, at the key in front of it, or, for what is missing, at what should hold it. */
export type Aim = "value" | "key" | "holder";

/** A plain (unquoted) scalar and how it was written. */
export interface Written {
  readonly source: string;
  readonly quoted: boolean;
}

/** Finds the place in the text that a path of the value came from. Of duplicate keys the last counts, as in the value. */
export class SourceMap {
  readonly #document: Document;
  readonly #lines: LineCounter;

  constructor(document: Document, lines: LineCounter) {
    this.#document = document;
    this.#lines = lines;
  }

  /** A fault at a path. */
  fault(code: ConfigFaultCode, path: Path, aim: Aim, text: RuleText): ConfigFault {
    return { code, ...this.#place(path, aim), path: formatPath(path), message: text.message, hint: text.hint };
  }

  /** A fault at a position in the text. */
  faultAt(code: ConfigFaultCode, offset: number, path: Path, text: RuleText): ConfigFault {
    return { code, ...this.#position(offset), path: formatPath(path), message: text.message, hint: text.hint };
  }

  /** The line and column of the value at a path, counted from 1. */
  placeOf(path: Path): { readonly line: number; readonly column: number } {
    return this.#place(path, "value");
  }

  /** How the scalar at a path was written, if one stands there. */
  written(path: Path): Written | undefined {
    const { value } = this.#find(path);
    return isScalar(value) && value.source !== undefined
      ? { source: value.source, quoted: value.type !== "PLAIN" }
      : undefined;
  }

  #place(path: Path, aim: Aim): { line: number; column: number } {
    if (aim === "holder") {
      const parent = path.slice(0, -1);
      // An item of a list has no key of its own: its first key is the place to look.
      return this.#place(parent, typeof parent.at(-1) === "string" ? "key" : "value");
    }
    const found = this.#find(path);
    const empty = isScalar(found.value) && found.value.source === "";
    const node = aim === "key" || found.value === undefined || empty ? (found.key ?? found.value) : found.value;
    return this.#position(node?.range?.[0] ?? 0);
  }

  #find(path: Path): { key?: Node; value?: Node } {
    let found: { key?: Node; value?: Node } = isNode(this.#document.contents) ? { value: this.#document.contents } : {};
    for (const step of path) found = child(found.value, step);
    return found;
  }

  #position(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

function child(node: Node | undefined, step: string | number): { key?: Node; value?: Node } {
  if (isSeq(node) && typeof step === "number") {
    const item = node.items[step];
    return isNode(item) ? { value: item } : {};
  }
  if (!isMap(node)) return {};
  const pair = node.items.findLast(
    (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
  );
  return {
    ...(isNode(pair?.key) ? { key: pair.key } : {}),
    ...(isNode(pair?.value) ? { value: pair.value } : {}),
  };
}
