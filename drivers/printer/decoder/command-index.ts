import type { CommandRow } from "./command-row.ts";

/** Rows by the bytes of their prefixes, a level a byte. */
export type CommandNode = CommandRow | CommandIndex;

/** One level of the index: 256 entries, one a byte. */
export type CommandIndex = readonly (CommandNode | undefined)[];

/** More bytes are needed to say which command it is. */
export const tooShort = "too short";

/**
 * Indexes a table for looking up by leading bytes. A row whose prefix begins another one's stands for what the longer ones leave over;
 * of two rows with the same prefix the first counts.
 */
export function indexCommands(table: readonly CommandRow[], depth = 0): CommandIndex {
  const groups = new Map<number, CommandRow[]>();
  for (const row of table) {
    const byte = row.prefix[depth];
    if (byte !== undefined) groups.set(byte, [...(groups.get(byte) ?? []), row]);
  }
  const rest = depth === 0 ? undefined : table.find((row) => row.prefix.length === depth);
  return Array.from({ length: 256 }, (_, byte) => {
    const group = groups.get(byte);
    if (group === undefined) return rest;
    const whole = group.every((row) => row.prefix.length === depth + 1);
    return whole ? group[0] : indexCommands(group, depth + 1);
  });
}

/** The row of the command at `at`; the number of bytes that no row begins with; or {@link tooShort}. */
export function lookUp(
  index: CommandIndex,
  bytes: Uint8Array,
  at: number,
  end: number,
): CommandRow | number | typeof tooShort {
  let node = index[bytes[at] ?? 0];
  for (let depth = 1; isLevel(node); depth += 1) {
    if (at + depth >= end) return tooShort;
    const byte = bytes[at + depth] ?? 0;
    node = node[byte];
    // A control byte behind the start of an unknown command is more likely the start of the next one.
    if (node === undefined) return byte >= 0x20 ? depth + 1 : depth;
  }
  return node ?? 1;
}

/** Whether more bytes decide. */
function isLevel(node: CommandNode | undefined): node is CommandIndex {
  return Array.isArray(node);
}
