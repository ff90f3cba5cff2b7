/** What tells a configured reader from others. */
export interface ReaderIdentity {
  /** The PC/SC name, whole or its beginning. */
  readonly reader: string;
  /** The reader's serial number, which some readers put into their name. */
  readonly serial?: string;
}

/** Device and slot number at the end of a PC/SC name (pcsc-lite numbers readers in the order in which they come). */
const numbering = / [0-9A-F]{2} [0-9A-F]{2}$/i;

/** How well a name fits: a serial number beats the whole name, and that any beginning. */
const rank = { serial: 1_000_000, whole: 100_000 } as const;

/**
 * Which configured reader a PC/SC reader is. One with a serial number is the reader whose name holds that in parentheses, in whatever
 * port and with whatever numbers at the end, and no other. Else it is the one that names it exactly, else the one with the longest
 * beginning of its name; of equals the first. `free` are the configured readers that nothing serves yet. Answers an index into `free`, or -1.
 */
export function matchReader(pcscName: string, free: readonly ReaderIdentity[]): number {
  const fits = free.map((identity) => fit(pcscName, identity));
  const best = Math.max(-1, ...fits);
  return best < 0 ? -1 : fits.indexOf(best);
}

function fit(pcscName: string, { reader, serial }: ReaderIdentity): number {
  if (serial === undefined) {
    if (pcscName === reader) return rank.whole;
    return pcscName.startsWith(reader) ? reader.length : -1;
  }
  const name = reader.replace(numbering, "");
  const holdsSerial = pcscName.toLowerCase().includes(`(${serial.toLowerCase()})`);
  return holdsSerial && pcscName.startsWith(name) ? rank.serial + name.length : -1;
}
