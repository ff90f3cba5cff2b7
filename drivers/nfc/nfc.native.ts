import { setImmediate } from "node:timers/promises";
import type { NFC, Reader } from "nfc-pcsc";
import { StoreloopError } from "../../agent/core/errors.ts";
import type { PcscListener, PcscReader, PcscSession } from "./pcsc.ts";

/** Opens nfc-pcsc on the pcscd of this machine. See {@link import("./pcsc.ts").OpenPcsc}. */
export async function openNfcPcsc(listener: PcscListener): Promise<PcscSession> {
  const library = await loadLibrary();
  const nfc = new library.NFC();
  const readers = new Map<Reader, PcscReader>();
  nfc.on("error", (error: Error) => listener.failed(error));
  nfc.on("reader", (reader: Reader) => {
    const port = new NfcPcscReader(reader);
    readers.set(reader, port);
    reader.on("end", () => {
      if (readers.delete(reader)) listener.readerGone(port);
    });
    // An error on one reader means that its status thread has ended: pcscd went away, or is about to.
    reader.on("error", (error: Error) => listener.failed(error));
    listener.readerFound(port);
    port.watch(listener);
  });
  return { close: () => closeAll(nfc, readers) };
}

async function loadLibrary(): Promise<typeof import("nfc-pcsc")> {
  try {
    return await import("nfc-pcsc");
  } catch (cause) {
    throw new StoreloopError("NFC_LIBRARY_MISSING", "nfc-pcsc could not be loaded", { cause });
  }
}

async function closeAll(nfc: NFC, readers: Map<Reader, PcscReader>): Promise<void> {
  const open = [...readers.keys()];
  readers.clear();
  // The library calls back, and runs what was promised, with the reader's mutex held: closing it from there would deadlock.
  await setImmediate();
  for (const reader of open) reader.close();
  nfc.close();
}

class NfcPcscReader implements PcscReader {
  readonly #reader: Reader;
  /** The library connects by itself when a card comes; this is how that went. */
  #attempt = Promise.withResolvers<void>();
  #present = false;
  #changes = 0;

  constructor(reader: Reader) {
    this.#reader = reader;
    reader.autoProcessing = false;
    this.#newAttempt();
  }

  get name(): string {
    return this.#reader.name;
  }

  watch(listener: PcscListener): void {
    this.#reader.on("card", () => this.#attempt.resolve());
    this.#catchConnectErrors();
    this.#reader.reader.on("status", (status: { state: number; atr?: Buffer }) => this.#look(status, listener));
  }

  #look({ state, atr = Buffer.alloc(0) }: { state: number; atr?: Buffer }, listener: PcscListener): void {
    const { SCARD_STATE_PRESENT, SCARD_STATE_EMPTY } = this.#reader.reader;
    const isThere = (state & SCARD_STATE_PRESENT) !== 0;
    // PC/SC-lite counts comings and goings in the upper half (SCardGetStatusChange, pcsclite API): a process that was late sees only
    // the last of several states, and by the count that this card is not the one it knew.
    const changes = state >>> 16;
    const isSwapped = isThere && this.#present && changes !== this.#changes;
    this.#changes = changes;
    if (this.#present && (isSwapped || (state & SCARD_STATE_EMPTY) !== 0)) {
      this.#present = false;
      this.#attempt.reject(new Error("the card was taken away"));
      listener.cardGone(this);
    }
    if (!isThere || this.#present) return;
    this.#present = true;
    this.#newAttempt();
    // The library has not noticed either, and holds on to a connection with the card that left.
    if (isSwapped) this.reconnect().catch(() => undefined);
    listener.cardPresent(this, atr);
  }

  connect(): Promise<void> {
    return this.#attempt.promise;
  }

  async reconnect(): Promise<void> {
    this.#newAttempt();
    const attempt = this.#attempt;
    try {
      if (this.#reader.connection) await this.#reader.disconnect();
      await this.#reader.connect();
      attempt.resolve();
    } catch (error) {
      attempt.reject(error);
    }
    return await attempt.promise;
  }

  async transmit(apdu: Uint8Array, maxResponseBytes: number): Promise<Uint8Array> {
    return await this.#reader.transmit(Buffer.from(apdu), maxResponseBytes);
  }

  async escape(command: Uint8Array, maxResponseBytes: number): Promise<Uint8Array> {
    if (this.#reader.connection) throw new Error("a card is on the reader");
    await this.#reader.connect("CONNECT_MODE_DIRECT");
    try {
      return await this.#reader.control(Buffer.from(command), maxResponseBytes);
    } finally {
      await this.#reader.disconnect();
    }
  }

  #newAttempt(): void {
    this.#attempt = Promise.withResolvers<void>();
    // Nobody need be waiting when it fails.
    this.#attempt.promise.catch(() => undefined);
  }

  /**
   * nfc-pcsc 0.8 reports a failed connect with `this.emit(error)`: the Error stands where the name of the event belongs, so no
   * listener can ask for it. Looking at what passes through `emit` is the only way to hear of it.
   */
  #catchConnectErrors(): void {
    const emit = this.#reader.emit.bind(this.#reader);
    this.#reader.emit = (event: string | symbol, ...particulars: unknown[]): boolean => {
      const name: unknown = event;
      if (!(name instanceof Error)) return emit(event, ...particulars);
      this.#attempt.reject(name);
      return true;
    };
  }
}
