/** Sends one APDU to the card on the reader and resolves to data and status word. Rejects when the card or the reader is gone. */
export type Transmit = (apdu: Uint8Array, maxResponseBytes: number) => Promise<Uint8Array>;

/** Status words (ISO/IEC 7816-4, 5.6, and NXP's native ones behind `91`). */
export const status = { ok: 0x9000, nativeOk: 0x9100, nativeMore: 0x91af } as const;

/** What a card answers at most to a short command that expects "as much as there is": 256 bytes and the status word. */
export const maxAnswerBytes = 258;

/** The most that fits into a short command (ISO/IEC 7816-4, 5.1: Lc of one byte). */
const maxCommandBytes = 255;

/** What a card answered, taken apart (ISO/IEC 7816-4, 5.1). */
export interface Answer {
  /** SW1 and SW2 as one number; 0 when the answer was too short to have them. */
  readonly status: number;
  readonly data: Uint8Array;
}

/** A short command that asks for whatever answer there is: `CLA INS P1 P2 [Lc data] 00`. Throws a RangeError beyond 255 bytes of data. */
export function command(
  header: readonly [cla: number, ins: number, p1: number, p2: number],
  data: Uint8Array = new Uint8Array(),
): Uint8Array {
  if (data.length > maxCommandBytes) throw new RangeError("a short command holds 255 bytes");
  const body = data.length === 0 ? [] : [Buffer.of(data.length), data];
  return Buffer.concat([Buffer.of(...header), ...body, Buffer.of(0)]);
}

/** SELECT of an application by its name in hexadecimal (ISO/IEC 7816-4, 11.2.2). */
export function selectCommand(name: string): Uint8Array {
  return command([0x00, 0xa4, 0x04, 0x00], Buffer.from(name, "hex"));
}

/** Takes an answer apart. Never throws. */
export function parseAnswer(answer: Uint8Array): Answer {
  const at = answer.length - 2;
  if (at < 0) return { status: 0, data: new Uint8Array() };
  return { status: ((answer[at] ?? 0) << 8) | (answer[at + 1] ?? 0), data: answer.subarray(0, at) };
}

/** The data of an answer with that status word; `undefined` with any other. */
export function dataOf(answer: Uint8Array, expected: number = status.ok): Uint8Array | undefined {
  const taken = parseAnswer(answer);
  return taken.status === expected ? taken.data : undefined;
}
