import { LineCounter, parseDocument } from "yaml";
import type * as z from "zod";
import type { ConfigFault } from "./fault.ts";
import { schemaFaults, type Complaint } from "./schema-faults.ts";
import { SourceMap } from "./source-map.ts";
import { leadingZeros, refusedFeatures, syntaxFaults } from "./yaml-faults.ts";

/** What a file is checked by. */
export interface YamlRules<S extends z.ZodType> extends Complaint {
  readonly schema: S;
  /** What the schema cannot tell; called on any file whose YAML is sound. */
  readonly more?: (given: unknown, map: SourceMap) => readonly ConfigFault[];
}

/** A checked file, or everything that is wrong with it, in the order of the file. */
export type CheckedYaml<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** The value as it stood in the file, before defaults. */
      readonly given: unknown;
      /** Finds the places of the value in the file. */
      readonly map: SourceMap;
    }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

/** Far above any real file; one beyond it is a mistake (a log, a disk image) and would only cost memory. */
const mostCharacters = 1_048_576;

/**
 * Checks the text of a file (YAML 1.2, one document) by a schema. Reports all faults at once; only broken YAML hides what is behind
 * it. Never throws, whatever the text.
 */
export function checkYaml<S extends z.ZodType>(text: string, rules: YamlRules<S>): CheckedYaml<z.output<S>> {
  if (text.length > mostCharacters) return { ok: false, faults: [tooLarge] };
  try {
    return check(text, rules);
  } catch (error) {
    // The parser recurses: text nested thousands deep exhausts the stack. That is a fault of the text, not of the program.
    if (error instanceof RangeError) return { ok: false, faults: [tooDeep] };
    throw error;
  }
}

function check<S extends z.ZodType>(text: string, rules: YamlRules<S>): CheckedYaml<z.output<S>> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const map = new SourceMap(document, lines);
  const syntax = [...syntaxFaults(document, map, text), ...refusedFeatures(document, map)];
  // A key given twice leaves a value that can be checked further; anything else here leaves guesses.
  if (syntax.some((fault) => fault.code !== "DUPLICATE_KEY")) return { ok: false, faults: inOrder(syntax) };
  const given: unknown = document.toJS();
  const parsed = rules.schema.safeParse(given);
  const found = parsed.success ? [] : schemaFaults(parsed.error.issues, given, map, rules);
  const faults = inOrder([
    ...syntax,
    ...found,
    ...(rules.more?.(given, map) ?? []),
    ...leadingZeros(document, map).filter((zero) => !found.some((fault) => samePlace(fault, zero))),
  ]);
  if (!parsed.success || faults.length > 0) return { ok: false, faults };
  return { ok: true, value: parsed.data, given, map };
}

const samePlace = (a: ConfigFault, b: ConfigFault): boolean => a.line === b.line && a.column === b.column;

const inOrder = (faults: readonly ConfigFault[]): readonly ConfigFault[] =>
  faults.toSorted((a, b) => a.line - b.line || a.column - b.column);

const wholeFile = { line: 1, column: 1, path: "" } as const;

const tooLarge: ConfigFault = {
  code: "TOO_LARGE",
  ...wholeFile,
  message: { "zh-CN": "文件超过 1 MiB", en: "the file is larger than 1 MiB" },
  hint: { "zh-CN": "检查是否指向了别的文件。", en: "Check that this is the right file." },
};

const tooDeep: ConfigFault = {
  code: "TOO_LARGE",
  ...wholeFile,
  message: { "zh-CN": "嵌套层数过多", en: "nested too deeply" },
  hint: { "zh-CN": "检查是否指向了别的文件。", en: "Check that this is the right file." },
};
