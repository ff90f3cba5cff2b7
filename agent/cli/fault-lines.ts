import type { Locale } from "../core/errors.ts";
import { printable } from "./columns.ts";
import type { CliConfigFault } from "./operations.ts";

/** Faults of a configuration file as lines that editors can jump to: `file:line:column: path: message`, then the hint. */
export function faultLines(file: string, faults: readonly CliConfigFault[], locale: Locale): readonly string[] {
  return faults.flatMap((fault) => {
    const where = fault.path === "" ? "" : ` ${fault.path}:`;
    return [
      printable(`${file}:${fault.line}:${fault.column}:${where} ${fault.message[locale]}`),
      printable(`    → ${fault.hint[locale]}`),
    ];
  });
}

/** A fault for `--json`, in one language. */
export function faultValue(fault: CliConfigFault, locale: Locale): object {
  return { ...fault, message: fault.message[locale], hint: fault.hint[locale] };
}
