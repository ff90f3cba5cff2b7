/** What a HID device announces in its report descriptor. `vendor-defined`: on a page of its maker's own. */
export type HidPurpose = "barcode-scanner" | "magnetic-stripe" | "keyboard" | "vendor-defined";

interface Found {
  /** What the device calls itself; control characters and the like are as it gave them. */
  readonly name: string;
  /** An item for the configuration: of a lane's `devices`, or for Bluetooth of a zone's. Identifiers are unique among those found. */
  readonly yaml: readonly string[];
}

/** One interface of a HID device. A device with two of them is found twice, with the same item for the configuration. */
export interface FoundHid extends Found {
  readonly kind: "hid";
  /** E.g. `/dev/hidraw0`. Changes with the order of plugging in. */
  readonly path: string;
  /** Four hexadecimal digits, in lower case. */
  readonly vendorId: string;
  readonly productId: string;
  readonly serial?: string;
  /** Where it is plugged in, the same for all interfaces of a device. */
  readonly port: string;
  /** Empty where the descriptor could not be read, or makes no sense. */
  readonly announces: readonly HidPurpose[];
}

/** A serial port on USB. */
export interface FoundSerial extends Found {
  readonly kind: "serial";
  /** The name that stays: below `/dev/serial/by-id/`, else `/dev/serial/by-path/`; where there is neither, the device itself. */
  readonly path: string;
  /** What it is now, e.g. `/dev/ttyUSB0`. */
  readonly device: string;
}

/** A smart card reader on USB (bInterfaceClass 0Bh, USB CCID 1.1). */
export interface FoundCardReader extends Found {
  readonly kind: "card-reader";
  readonly vendorId: string;
  readonly productId: string;
  readonly serial?: string;
  /** The kernel's driver that has it, so that pcscd cannot, e.g. `pn533_usb`. */
  readonly heldBy?: string;
}

/** A Bluetooth adapter of the kernel. */
export interface FoundBluetooth extends Found {
  readonly kind: "bluetooth";
  /** N of `hciN`. */
  readonly adapter: number;
  /** Linux 5 and later no longer tell it here. */
  readonly address?: string;
}

/** Something plugged into this machine that storeloop could use. Plain data. */
export type FoundDevice = FoundHid | FoundSerial | FoundCardReader | FoundBluetooth;

/** How pcscd is doing: as its probe tells, with the readers it has by their PC/SC names, where it told. */
export interface CardService {
  /** `absent`: nobody listens; `silent`: takes the connection and says nothing; `denied`: turns this user away. */
  readonly state: "answers" | "absent" | "silent" | "denied";
  readonly readers?: readonly string[];
}
