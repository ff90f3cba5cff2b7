/** Sends one APDU to the card on the reader and resolves to data and status word. Rejects when the card or the reader is gone. */
export type Transmit = (apdu: Uint8Array, maxResponseBytes: number) => Promise<Uint8Array>;

/** Status words (ISO/IEC 7816-4, 5.6, and NXP's native ones behind `91`). */
export const status = { ok: 0x9000, nativeOk: 0x9100, nativeMore: 0x91af } as const;

/** The status word of a response; 0 when it has none. */
export function statusOf(response: Uint8Array): number {
  return response.length < 2 ? 0 : ((response.at(-2) ?? 0) << 8) | (response.at(-1) ?? 0);
}

/** The data of a response with that status word; `undefined` with any other. */
export function dataOf(response: Uint8Array, expected: number = status.ok): Uint8Array | undefined {
  return statusOf(response) === expected ? response.subarray(0, -2) : undefined;
}
