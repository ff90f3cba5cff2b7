import { connect, type Socket } from "node:net";
import { encodeVpcd, VpcdDecoder } from "../../drivers/nfc/vpcd-codec.ts";

/** Answers one command; `undefined` leaves it without an answer. */
export type Respond = (apdu: Uint8Array) => Uint8Array | undefined;

/** A card on a virtual reader that does whatever a test wants, until it is taken off. */
export class RawCard implements Disposable {
  /** Every command it was sent, in hexadecimal. */
  readonly received: string[] = [];
  readonly #socket: Socket;

  /** Puts the card on the reader. */
  constructor(port: number, atr: Uint8Array, respond: Respond) {
    const decoder = new VpcdDecoder();
    this.#socket = connect({ host: "127.0.0.1", port, noDelay: true });
    this.#socket.on("error", () => undefined);
    this.#socket.on("data", (bytes: Buffer) => {
      for (const message of decoder.feed(bytes)) {
        if (message.type === "get-atr") this.#send(atr);
        if (message.type === "apdu") this.#answer(message.apdu, respond);
      }
    });
  }

  /** Takes it off. */
  [Symbol.dispose](): void {
    this.#socket.destroy();
  }

  #answer(apdu: Uint8Array, respond: Respond): void {
    this.received.push(Buffer.from(apdu).toString("hex"));
    const response = respond(apdu);
    if (response) this.#send(response);
  }

  #send(payload: Uint8Array): void {
    this.#socket.write(encodeVpcd(payload));
  }
}
