/** What scanners put behind a code by their settings. */
const suffix = /[\r\n\t\0]+$/;

/** A code that a scanner read: its text and, where it tells, its symbology identifier. */
export interface CodeText {
  readonly text: string;
  readonly symbology?: string;
}

/**
 * The text of a code: UTF-8, else GB 18030 (what QR Codes of China hold), else byte by byte. A suffix that the scanner adds is taken off; so is
 * a symbology identifier in front of the text, where none came beside it or the same.
 */
export function codeText(bytes: Uint8Array, symbology: string | undefined): CodeText {
  return trimmed(decoded(bytes), symbology);
}

/** See {@link codeText}, for text that was typed. */
export function trimmed(text: string, symbology: string | undefined): CodeText {
  const plain = text.replace(suffix, "");
  if (symbology !== undefined) return { text: plain.startsWith(symbology) ? plain.slice(3) : plain, symbology };
  const identifier = /^\][A-Za-z][0-9A-Za-z]/.exec(plain)?.[0];
  return identifier === undefined ? { text: plain } : { text: plain.slice(identifier.length), symbology: identifier };
}

function decoded(bytes: Uint8Array): string {
  for (const encoding of ["utf-8", "gb18030"]) {
    try {
      return new TextDecoder(encoding, { fatal: true, ignoreBOM: false }).decode(bytes);
    } catch {
      // Not this one.
    }
  }
  return Buffer.from(bytes).toString("latin1");
}
