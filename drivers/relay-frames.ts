import { deserialize, serialize } from "node:v8";

/** A length of four bytes, most significant first, goes before each message. */
const headBytes = 4;

/** Far more than any message; a longer one means that the two ends do not understand each other. */
const mostFrameBytes = 4 * 1024 * 1024;

/** A message between agent and relay as it goes over their socket: its length, then the structured clone algorithm's bytes. */
export function encodeFrame(message: object): Buffer {
  const body = serialize(message);
  const frame = Buffer.allocUnsafe(headBytes + body.length);
  frame.writeUInt32BE(body.length, 0);
  body.copy(frame, headBytes);
  return frame;
}

/** Puts messages together again, however the socket cut them. */
export class FrameReader {
  #held: Buffer = Buffer.alloc(0);

  /** Takes the next bytes and answers the messages that are whole now. Throws when the bytes are no frames. */
  feed(bytes: Uint8Array): readonly unknown[] {
    this.#held = this.#held.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#held, bytes]);
    const messages: unknown[] = [];
    let at = 0;
    while (this.#held.length - at >= headBytes) {
      const length = this.#held.readUInt32BE(at);
      if (length > mostFrameBytes) throw new RangeError(`a message of ${length} bytes`);
      const end = at + headBytes + length;
      if (end > this.#held.length) break;
      messages.push(deserialize(this.#held.subarray(at + headBytes, end)));
      at = end;
    }
    this.#held = this.#held.subarray(at);
    return messages;
  }
}
