import { join } from "node:path";
import type { FoundBluetooth, FoundCardReader, FoundDevice, FoundHid, FoundSerial } from "./cli/found-device.ts";
import { deviceBehind, lineOf, namesIn } from "./cli/machine-files.ts";
import { usbDevices } from "./cli/usb-devices.ts";
import { foundHids, type BareHid } from "./found-hid.ts";

export type { FoundDevice } from "./cli/found-device.ts";

/**
 * Everything plugged into this machine that storeloop could use: scanners, stripe readers and keyboards, serial ports on USB, smart card
 * readers, Bluetooth adapters, each with its item for the configuration. Looked up in `sys` and `dev` below `root`; nothing is opened.
 * What cannot be read is not there; never rejects.
 */
export async function foundDevices(root: string): Promise<readonly FoundDevice[]> {
  const [hids, serials, readers, radios] = await Promise.all([
    foundHids(root),
    serialPorts(root),
    cardReaders(root),
    bluetoothAdapters(root),
  ]);
  return [...withItems(hids), ...serials, ...readers, ...radios];
}

/** Names and serial numbers come from devices: JSON's quotes are YAML's (YAML 1.2.2, 1.3), and escape what does not print. */
const quoted = (text: string): string => JSON.stringify(text).replaceAll(/[\u007F-\u009F\u2028\u2029\uFEFF]/g, escape);

const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** The interfaces of a device share an item. */
function withItems(hids: readonly BareHid[]): readonly FoundHid[] {
  const ports = [...new Set(hids.map(({ port }) => port))];
  return hids.map((hid) => {
    const { vendorId, productId, serial, port, path } = hid;
    const twins = hids.filter((one) => one.vendorId === vendorId && one.productId === productId);
    const isAlone = twins.every((one) => one.port === port);
    const yaml = [
      `- id: scanner-${ports.indexOf(port) + 1}`,
      "  type: hid",
      `  vendorId: "${vendorId}"`,
      `  productId: "${productId}"`,
      ...(serial === undefined ? [] : [`  serial: ${quoted(serial)}`]),
      // Nothing else tells two of a kind without serial numbers apart.
      ...(serial === undefined && !isAlone ? [`  path: ${isPlaced(hid) ? quoted(port) : path}`] : []),
    ];
    return { ...hid, yaml };
  });
}

/** Whether it is known where a device is plugged in: that stays, and the number of its device file does not. */
function isPlaced({ port, path }: BareHid): boolean {
  return path !== `/dev/${port}`;
}

async function serialPorts(root: string): Promise<readonly FoundSerial[]> {
  const stable = await Promise.all(
    ["/dev/serial/by-id", "/dev/serial/by-path"].map(async (folder) => {
      const names = await namesIn(root, folder);
      return await Promise.all(
        names.map(async (name) => ({ path: join(folder, name), device: await deviceBehind(root, join(folder, name)) })),
      );
    }),
  );
  const named = stable.flat();
  const bare = (await namesIn(root, "dev"))
    .filter((name) => /^tty(USB|ACM)\d+$/.test(name))
    .map((name) => `/dev/${name}`);
  const devices = [...new Set([...named.map(({ device }) => device), ...bare])];
  return devices.map((device, index) => {
    const path = named.find((one) => one.device === device)?.path ?? device;
    const yaml = [`- id: printer-${index + 1}`, "  type: printer-serial", `  path: ${quoted(path)}`];
    return { kind: "serial", name: path.slice(path.lastIndexOf("/") + 1), path, device, yaml };
  });
}

/** Class of an interface that speaks USB CCID. */
const smartCard = "0b";

async function cardReaders(root: string): Promise<readonly FoundCardReader[]> {
  const readers = (await usbDevices(root)).filter((device) => device.interfaces.some((one) => one.class === smartCard));
  return readers.map(({ vendorId, productId, name, serial, interfaces }, index) => {
    const heldBy = interfaces.find(({ driver }) => driver !== undefined && driver !== "usbfs")?.driver;
    const yaml = [
      `- id: reader-${index + 1}`,
      "  type: nfc",
      `  reader: ${quoted(name)} # as pcsc_scan -r prints it`,
      ...(serial === undefined ? [] : [`  serial: ${quoted(serial)}`]),
    ];
    const ids = { vendorId, productId, ...(serial !== undefined && { serial }) };
    return { kind: "card-reader", name, ...ids, ...(heldBy !== undefined && { heldBy }), yaml };
  });
}

async function bluetoothAdapters(root: string): Promise<readonly FoundBluetooth[]> {
  const folder = join(root, "sys/class/bluetooth");
  const names = (await namesIn(folder)).filter((name) => /^hci\d+$/.test(name));
  return await Promise.all(
    names.map(async (name): Promise<FoundBluetooth> => {
      const adapter = Number(name.slice(3));
      const address = await lineOf(folder, name, "address");
      const yaml = [`- id: radio-${adapter}`, "  type: ble", `  adapter: ${adapter}`];
      return { kind: "bluetooth", name, adapter, ...(address !== undefined && { address }), yaml };
    }),
  );
}
