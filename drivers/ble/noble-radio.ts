import { EventEmitter } from "node:events";
import { StoreloopError } from "../../agent/core/errors.ts";
import type { Radio, RadioListener, RadioState } from "./radio.ts";

/** The HCI layer of both nobles, below what they expose. */
interface NobleHci extends EventEmitter {
  readBdAddr(): void;
  /** A method of its class, which a property of the object may hide. */
  setScanEnabled?(isEnabled: boolean, isFiltered: boolean): void;
  readonly _socket: { isDevUp(): boolean };
}

/** The part of @abandonware/noble 1.9 and @stoprocent/noble 2.8 that storeloop uses. */
interface Noble {
  /** Asking for the state opens the controller. */
  readonly state: string;
  on(event: "stateChange", listener: (state: string) => void): unknown;
  startScanning(serviceUuids: string[], allowDuplicates: boolean): void;
  stopScanning(): void;
  /** @stoprocent/noble only. */
  stop?(): void;
  /** Its HCI layer is there once the controller is open. */
  readonly _bindings: { readonly _hci?: unknown };
}

const states: Readonly<Record<string, RadioState>> = {
  poweredOn: "on",
  poweredOff: "off",
  unauthorized: "denied",
  unsupported: "unsupported",
};

/**
 * A radio over either noble, which comes as `library`: what its types say is not what is used here, so it is looked at instead. Opens the
 * controller; throws what the library throws, or `BLE_LIBRARY_MISSING` when it is not built as the pinned versions are.
 *
 * Adverts are taken from the library's HCI layer, and its upper layers no longer get them. Two faults end with that. Up there each
 * address ever heard is kept for good, about 2 KB each (`Gap._discoveries`; `_addresses`, `_addresseTypes`, `_connectable` and
 * `scannable` of the bindings; `_peripherals`, `_services`, `_characteristics`, `_descriptors` and the set of discovered ones of Noble),
 * and phones change theirs every quarter of an hour. And what is kept is merged: a frame without manufacturer data would come with
 * that of an earlier one. Down here each report is its own, and nothing is kept.
 *
 * Before its own first scan it touches none. The libraries end whatever scan runs on an adapter, when they open it and again when the
 * process exits; of an adapter that is only asked for its address, that scan is another radio's.
 */
export function openNoble(library: unknown, listener: RadioListener): Radio {
  const noble = expected(library, isNoble, "a noble over HCI");
  const interruptions = new Set(process.listeners("SIGINT"));
  // The state before the listener: then what goes wrong in opening is thrown here, and not into the void.
  const state = noble.state;
  const hci = expected(noble._bindings._hci, isHci, "an HCI layer");
  // Ctrl-C reaches this process too; when it ends is for its parent to say.
  for (const each of process.listeners("SIGINT")) if (!interruptions.has(each)) process.off("SIGINT", each);
  const report = (now: string): void => {
    const known = states[now];
    if (known) listener.stateChanged(known);
  };
  noble.on("stateChange", report);
  report(state);
  tapReports(hci, listener);
  return new NobleRadio(noble, hci);
}

function expected<T>(part: unknown, is: (part: unknown) => part is T, what: string): T {
  if (is(part)) return part;
  throw new StoreloopError("BLE_LIBRARY_MISSING", `noble is not built as expected: it is not or has not ${what}`);
}

function isNoble(part: unknown): part is Noble {
  return hasMethods(part, ["on", "startScanning", "stopScanning"]) && "_bindings" in part && isObject(part._bindings);
}

function isHci(part: unknown): part is NobleHci {
  if (!(part instanceof EventEmitter) || part.listenerCount("leAdvertisingReport") === 0) return false;
  return hasMethods(part, ["readBdAddr"]) && "_socket" in part && hasMethods(part._socket, ["isDevUp"]);
}

function hasMethods(part: unknown, names: readonly string[]): part is object {
  return isObject(part) && names.every((name) => typeof Reflect.get(part, name) === "function");
}

function isObject(part: unknown): part is object {
  return typeof part === "object" && part !== null;
}

/** Takes over what the controller reports (Core Specification, Vol 4, Part E, 7.7.65.2 and 7.7.65.13). */
function tapReports(hci: NobleHci, listener: RadioListener): void {
  hci.removeAllListeners("leAdvertisingReport");
  hci.removeAllListeners("leExtendedAdvertisingReport");
  const heard = (address: string, addressType: string, bytes: Buffer, rssiDbm: number): void =>
    listener.heard({ address, isRandomAddress: addressType === "random", bytes, rssiDbm });
  hci.on("leAdvertisingReport", (_status, _type, address: string, addressType: string, bytes: Buffer, rssi: number) =>
    heard(address, addressType, bytes, rssi),
  );
  hci.on(
    "leExtendedAdvertisingReport",
    (_status, _type, address: string, addressType: string, _txPower, rssi: number, bytes: Buffer) =>
      heard(address, addressType, bytes, rssi),
  );
  // A raw HCI socket sees the commands of other programs, and not its own.
  hci.on("leScanEnableSetCmd", (isEnabled: boolean) => {
    if (!isEnabled) listener.scanStopped();
  });
}

class NobleRadio implements Radio {
  readonly #noble: Noble;
  readonly #hci: NobleHci;
  #scanStatus = 0;

  constructor(noble: Noble, hci: NobleHci) {
    this.#noble = noble;
    this.#hci = hci;
    hci.setScanEnabled = () => undefined;
    hci.on("leScanEnableSet", (status: number) => (this.#scanStatus = status));
  }

  async scan(signal: AbortSignal): Promise<void> {
    delete this.#hci.setScanEnabled;
    // @stoprocent/noble holds on to "scanning" through a power-off, and then would not start: it has to be told to stop first.
    this.#noble.stopScanning();
    await this.ask(signal);
    this.#noble.startScanning([], true);
    await this.ask(signal);
    if (this.#scanStatus !== 0) throw new Error(`the controller refused to scan: status ${this.#scanStatus}`);
  }

  /** A controller carries out commands in order, so an answer to this one tells that those before it were carried out. */
  async ask(signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    const answered = Promise.withResolvers<string>();
    const onAbort = (): void => answered.reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    this.#hci.once("addressChange", answered.resolve);
    try {
      this.#hci.readBdAddr();
      return await answered.promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#hci.off("addressChange", answered.resolve);
    }
  }

  isPowered(): boolean {
    return this.#hci._socket.isDevUp();
  }

  close(): void {
    // @abandonware/noble has no way to close: its socket goes with the process.
    if (this.#noble.stop) this.#noble.stop();
    else this.#noble.stopScanning();
  }
}
