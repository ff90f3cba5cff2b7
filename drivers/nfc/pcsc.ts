/** One PC/SC reader for as long as it stays plugged in. */
export interface PcscReader {
  /** As PC/SC names it, e.g. `ACS ACR122U PICC Interface 00 00`. */
  readonly name: string;
  /** Makes sure that the card on the reader is connected; waits for an attempt under way. Rejects when the card does not answer. */
  connect(): Promise<void>;
  /** Drops the connection, if any, and makes a new one. */
  reconnect(): Promise<void>;
  /** Sends one APDU; resolves to data and status word. */
  transmit(apdu: Uint8Array, maxResponseBytes: number): Promise<Uint8Array>;
  /** Sends a command to the reader itself while no card is on it (SCardControl, CCID escape). Rejects where it takes none. */
  escape(command: Uint8Array, maxResponseBytes: number): Promise<Uint8Array>;
}

/** What PC/SC reports, in order. Called from the library's own callbacks: must not throw and not wait. */
export interface PcscListener {
  readerFound(reader: PcscReader): void;
  readerGone(reader: PcscReader): void;
  /** A card came onto the reader. `atr` is empty when the card did not answer to the reset. */
  cardPresent(reader: PcscReader, atr: Uint8Array): void;
  cardGone(reader: PcscReader): void;
  /** pcscd is gone or broken; nothing more comes from this session. */
  failed(error: Error): void;
}

/** A connection to pcscd with all its readers. */
export interface PcscSession {
  /** Frees threads and sockets. May block the process for as long as pcscd does not answer. */
  close(): Promise<void>;
}

/**
 * Connects to pcscd. Blocks the whole process while pcscd does not answer: probe first, and run it in a child process.
 * Rejects with `NFC_LIBRARY_MISSING` when the native library cannot be loaded.
 */
export type OpenPcsc = (listener: PcscListener) => Promise<PcscSession>;
