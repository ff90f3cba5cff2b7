import type { Duplex } from "node:stream";
import { StoreloopError } from "../../agent/core/errors.ts";

/** Settings of a serial line. */
export interface SerialSettings {
  /** E.g. `/dev/serial/by-id/...`. */
  readonly path: string;
  readonly baudRate: number;
  readonly dataBits: 5 | 6 | 7 | 8;
  readonly parity: "none" | "even" | "odd";
  readonly stopBits: 1 | 2;
}

/** An open port. When the device goes away it emits `close` once, and no `error`; it never opens again. */
export interface OpenPort {
  readonly line: Duplex;
  /** What the far end says by its modem lines; nothing where there are none (pseudo-terminals, some adapters). */
  lines(): Promise<{ readonly dsr: boolean; readonly cts: boolean } | undefined>;
  /** Sets our own modem lines; without effect where there are none. */
  setLines(lines: { readonly dtr: boolean; readonly rts: boolean }): Promise<void>;
  /** Closes the port. Resolves when it is free, also when it was closed already. */
  close(): Promise<void>;
}

/**
 * Opens a serial port with the library `serialport`, which is loaded at the first call only. Rejects with `SERIAL_LIBRARY_MISSING`
 * when that fails, with one of the other `SERIAL_*` codes when the port cannot be had.
 */
export async function openPort(settings: SerialSettings): Promise<OpenPort> {
  const { SerialPort } = await loadLibrary();
  const port = new SerialPort({ ...settings, autoOpen: false, lock: true });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(explained(error, settings.path)) : resolve()));
  });
  const close = async (): Promise<void> => {
    if (!port.isOpen) return;
    // An error here means that the port is gone already, which is what was asked for.
    await new Promise<void>((resolve) => port.close(() => resolve()));
  };
  const lines: OpenPort["lines"] = () =>
    new Promise((resolve) => port.get((error, status) => resolve(error ? undefined : status)));
  const setLines: OpenPort["setLines"] = (wanted) => new Promise((resolve) => port.set(wanted, () => resolve()));
  return { line: port, lines, setLines, close };
}

async function loadLibrary(): Promise<typeof import("serialport")> {
  try {
    return await import("serialport");
  } catch (error) {
    throw new StoreloopError("SERIAL_LIBRARY_MISSING", "serialport could not be loaded", { cause: error });
  }
}

/** The library gives no error codes, only the text of strerror(3) or of its own lock. */
function explained(error: Error, path: string): StoreloopError {
  const code = /No such file|ENOENT|No such device/i.test(error.message)
    ? "SERIAL_PORT_MISSING"
    : /denied|EACCES|EPERM/i.test(error.message)
      ? "SERIAL_PORT_DENIED"
      : /lock|busy|temporarily unavailable/i.test(error.message)
        ? "SERIAL_PORT_BUSY"
        : "SERIAL_PORT_FAILED";
  // "Error: No such file or directory, cannot open /dev/ttyUSB0"
  const reason = error.message
    .replace(/^Error: /, "")
    .replace(/, cannot open .*$/s, "")
    .replace(/^Inappropriate ioctl .*$/s, "this is no serial port");
  return new StoreloopError(code, `${path}: ${reason}`, { cause: error });
}
