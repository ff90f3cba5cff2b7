/** What a card answered, taken apart (ISO/IEC 7816-4, 5.1). */
export interface Answer {
  /** SW1 and SW2 as one number; 0 when the answer was too short to have them. */
  readonly status: number;
  readonly data: Uint8Array;
}

/** Done, nothing to add (ISO/IEC 7816-4, 5.6). */
export const statusOk = 0x9000;

/** Data and status word for an expected length of "as much as there is" in a short command: 256 and 2 bytes. */
export const maxAnswerBytes = 258;

/** The most that fits into a short command (ISO/IEC 7816-4, 5.1: Lc of one byte). */
const maxCommandBytes = 255;

/** A short command that asks for whatever answer there is: `CLA INS P1 P2 [Lc data] 00`. Throws a RangeError beyond 255 bytes of data. */
export function command(
  header: readonly [number, number, number, number],
  data: Uint8Array = new Uint8Array(),
): Uint8Array {
  if (data.length > maxCommandBytes) throw new RangeError("a short command holds 255 bytes");
  const body = data.length === 0 ? [] : [Buffer.of(data.length), data];
  return Buffer.concat([Buffer.of(...header), ...body, Buffer.of(0)]);
}

/** SELECT by application identifier (ISO/IEC 7816-4, 11.2.2). */
export function selectCommand(aid: Uint8Array): Uint8Array {
  return command([0x00, 0xa4, 0x04, 0x00], aid);
}

/** Takes an answer apart. Never throws. */
export function parseAnswer(answer: Uint8Array): Answer {
  const at = answer.length - 2;
  if (at < 0) return { status: 0, data: new Uint8Array() };
  return { status: ((answer[at] ?? 0) << 8) | (answer[at + 1] ?? 0), data: answer.subarray(0, at) };
}
