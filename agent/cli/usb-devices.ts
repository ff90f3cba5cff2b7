import { join } from "node:path";
import { lineOf, linkedName, namesIn } from "./machine-files.ts";

/** A device on USB, as sysfs shows it (Documentation/ABI/testing/sysfs-bus-usb). */
export interface UsbDevice {
  /** Four hexadecimal digits, in lower case. */
  readonly vendorId: string;
  readonly productId: string;
  /** Maker and product as the device gives them, e.g. `ACS ACR122U PICC Interface`. */
  readonly name: string;
  readonly serial?: string;
  readonly interfaces: readonly UsbInterface[];
}

/** One interface of a device on USB. */
export interface UsbInterface {
  /** bInterfaceClass, two hexadecimal digits. */
  readonly class: string;
  /** The driver that has it: one of the kernel, or `usbfs` for a program. */
  readonly driver?: string;
}

/** Everything on USB of the machine whose folders begin at `root`. */
export async function usbDevices(root: string): Promise<readonly UsbDevice[]> {
  const folder = join(root, "sys/bus/usb/devices");
  const names = await namesIn(folder);
  const devices = names.filter((name) => !name.includes(":"));
  const found = await Promise.all(
    devices.map((name) =>
      usbDevice(
        folder,
        name,
        names.filter((one) => one.startsWith(`${name}:`)),
      ),
    ),
  );
  return found.filter((device) => device !== undefined);
}

async function usbDevice(folder: string, name: string, interfaces: readonly string[]): Promise<UsbDevice | undefined> {
  const [vendorId, productId, maker, product, serial] = await Promise.all(
    ["idVendor", "idProduct", "manufacturer", "product", "serial"].map((file) => lineOf(folder, name, file)),
  );
  if (vendorId === undefined || productId === undefined) return undefined;
  const ids = { vendorId: vendorId.toLowerCase(), productId: productId.toLowerCase() };
  return {
    ...ids,
    name: [maker, product].filter((part) => part !== undefined).join(" ") || `${vendorId}:${productId}`,
    ...(serial !== undefined && { serial }),
    interfaces: await Promise.all(interfaces.map((one) => usbInterface(folder, one))),
  };
}

async function usbInterface(folder: string, name: string): Promise<UsbInterface> {
  const driver = await linkedName(folder, name, "driver");
  return { class: (await lineOf(folder, name, "bInterfaceClass")) ?? "", ...(driver !== undefined && { driver }) };
}
