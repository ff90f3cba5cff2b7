import { indexCommands, type CommandIndex } from "./command-index.ts";
import type { CommandRow } from "./command-row.ts";
import { escposCommands } from "./escpos-commands.ts";
import { starCommands } from "./star-commands.ts";

/** Languages of receipt printers: Epson's ESC/POS and those who follow it, and Star's Line Mode and StarPRNT. */
export type DialectName = "escpos" | "star";

/** A command language, ready to be looked up. */
export interface Dialect {
  readonly name: DialectName;
  readonly index: CommandIndex;
  /** Rows whose leading bytes begin no command of the other dialect: seeing one says which it is. */
  readonly proofs: ReadonlySet<CommandRow>;
}

const escposIndex = indexCommands(escposCommands);
const starIndex = indexCommands(starCommands);

/** The dialects by name. */
export const dialects: Readonly<Record<DialectName, Dialect>> = {
  escpos: { name: "escpos", index: escposIndex, proofs: proofsOf(escposCommands, starIndex) },
  star: { name: "star", index: starIndex, proofs: proofsOf(starCommands, escposIndex) },
};

/** The dialect that is not the given one. */
export function otherThan(dialect: Dialect): Dialect {
  return dialect === dialects.escpos ? dialects.star : dialects.escpos;
}

/** A single byte is no proof: noise has them all. */
function proofsOf(table: readonly CommandRow[], other: CommandIndex): ReadonlySet<CommandRow> {
  return new Set(table.filter(({ prefix }) => prefix.length > 1 && !begins(other, prefix)));
}

/** Whether some command of `index` begins with the bytes of `prefix`, or with fewer of them. */
function begins(index: CommandIndex, prefix: readonly number[]): boolean {
  let level = index;
  for (const [depth, byte] of prefix.entries()) {
    const node = level[byte];
    if (node === undefined) return false;
    // A single byte that is a command by itself says nothing about what follows it.
    if (!Array.isArray(node)) return depth > 0;
    level = node as CommandIndex;
  }
  return true;
}
