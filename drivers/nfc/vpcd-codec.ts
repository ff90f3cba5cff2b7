/** What vpcd says to a card (vsmartcard, virtualsmartcard/src/vpcd/vpcd.h): 16 bit length in network order, then this. */
export type VpcdMessage =
  | { readonly type: "power-off" | "power-on" | "reset" | "get-atr" }
  | { readonly type: "apdu"; readonly apdu: Uint8Array };

/** A message of one byte is a control code; every other length is a command APDU. */
const controls: Readonly<Record<number, "power-off" | "power-on" | "reset" | "get-atr">> = {
  0: "power-off",
  1: "power-on",
  2: "reset",
  4: "get-atr",
};

/** Splits what vpcd sends into messages, whatever the chunks. Holds at most one unfinished message. */
export class VpcdDecoder {
  #buffer: Buffer = Buffer.alloc(0);

  /** The messages that `bytes` completes, in order. Control codes nobody knows are left out. */
  feed(bytes: Uint8Array): VpcdMessage[] {
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    const messages: VpcdMessage[] = [];
    while (this.#buffer.length >= 2) {
      const end = 2 + this.#buffer.readUInt16BE(0);
      if (this.#buffer.length < end) break;
      const message = interpret(this.#buffer.subarray(2, end));
      if (message) messages.push(message);
      this.#buffer = this.#buffer.subarray(end);
    }
    return messages;
  }
}

/** Frames a card's answer: an ATR, or response data with its status word. */
export function encodeVpcd(payload: Uint8Array): Uint8Array {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(payload.length);
  return Buffer.concat([length, payload]);
}

function interpret(payload: Buffer): VpcdMessage | undefined {
  if (payload.length !== 1) return { type: "apdu", apdu: payload };
  const type = controls[payload[0] ?? -1];
  return type && { type };
}
