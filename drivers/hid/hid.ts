/** One HID interface that is plugged in: a device has one or several. */
export interface HidNode {
  /** Where Linux has it now, e.g. `/dev/hidraw0`. */
  readonly path: string;
  readonly vendorId: number;
  readonly productId: number;
  /** As the device says, e.g. `Honeywell Voyager 1400g`; may be empty. */
  readonly name: string;
  /** Empty where the device has none: many cheap scanners. */
  readonly serial: string;
  /** The socket it is plugged into and the interface, as the kernel names them, e.g. `usb-0000:00:14.0-2/input0`; may be empty. */
  readonly phys: string;
  /** Its report descriptor; `undefined` where it could not be had. */
  readonly descriptor: Uint8Array | undefined;
}

/** What an open interface reports. Called from the library's own callbacks: must not throw and not wait. */
export interface HidListener {
  report(bytes: Uint8Array): void;
  /** It is gone or broken; nothing more comes. */
  failed(error: Error): void;
}

/** An interface that is open for reading. */
export interface OpenHidNode {
  /** Sends a feature report. Rejects when the device refuses it. */
  sendFeature(reportId: number, payload: readonly number[]): Promise<void>;
  /** Stops reading and closes, also when it was closed already. */
  close(): Promise<void>;
}

/** The HID interfaces of this machine. */
export interface HidAccess {
  list(): Promise<readonly HidNode[]>;
  /** Where a link to a device file leads; the path itself where it is none, or leads nowhere. */
  resolve(path: string): Promise<string>;
  /** Rejects with `HID_DENIED`, `HID_DEVICE_GONE` or `HID_DEVICE_FAILED`. */
  open(path: string, listener: HidListener): Promise<OpenHidNode>;
}

/** Loads the native library; rejects with `HID_LIBRARY_MISSING` when that fails. */
export type OpenHid = () => Promise<HidAccess>;
