/** A radio of this machine: Bluetooth adapter `hciN` of the kernel (by default the first that is up), through either library. */
export interface AdapterPort {
  readonly library: "abandonware" | "stoprocent";
  /** N of `hciN`. Changes with the order of plugging in. */
  readonly adapter?: number;
  /** The adapter's own address, `aa:bb:cc:dd:ee:ff`: it is then known at any number. */
  readonly address?: string;
}

/** A radio on a serial line: a controller that speaks HCI over UART, H4 framing (Core Specification, Vol 4, Part A). */
export interface UartPort {
  readonly library: "stoprocent";
  readonly uart: { readonly port: string; readonly baudRate: number };
}

/** Where a radio is, and which library speaks to it. Plain data. */
export type RadioPort = AdapterPort | UartPort;

/** One advertising report, as the controller gave it. */
export interface HeardAdvert {
  /** `aa:bb:cc:dd:ee:ff`, most significant byte first. */
  readonly address: string;
  readonly isRandomAddress: boolean;
  /** The AD structures of this report alone. Valid during the call. */
  readonly bytes: Uint8Array;
  /** 127 where the controller does not know. */
  readonly rssiDbm: number;
}

/**
 * How a controller is, as its library tells: `on`, `off` (turned off, or gone), `denied` (this user may not use it), `unsupported` (no
 * Bluetooth LE). Nothing is told of one that does not answer.
 */
export type RadioState = "on" | "off" | "denied" | "unsupported";

/** What a radio reports. Called from the library's own callbacks: must not throw and not wait. */
export interface RadioListener {
  heard(advert: HeardAdvert): void;
  stateChanged(state: RadioState): void;
  /** Another program on this machine stopped the scan. */
  scanStopped(): void;
}

/** An open radio. */
export interface Radio {
  /**
   * Starts the scan, anew where one runs; resolves when the controller has confirmed it. Rejects when it refuses, or with the signal's
   * reason.
   */
  scan(signal: AbortSignal): Promise<void>;
  /**
   * Asks the controller something harmless: its address, `aa:bb:cc:dd:ee:ff`. Leaves a scan alone that another program runs. Rejects with
   * the signal's reason.
   */
  ask(signal: AbortSignal): Promise<string>;
  /** Whether the adapter is turned on, or the line to the controller open. It may be on and yet not answer. */
  isPowered(): boolean;
  /** Stops the scan and lets go of the controller, as far as the library can. Not opened again in this process. */
  close(): void;
}

/**
 * Opens a radio. States may be reported before it resolves. Rejects with `BLE_LIBRARY_MISSING`, `BLE_NO_BLUETOOTH`, `BLE_DENIED` or
 * `BLE_ADAPTER_GONE`.
 */
export type OpenRadio = (port: RadioPort, listener: RadioListener) => Promise<Radio>;
