import fc from "fast-check";
import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { FoundDevice } from "../../agent/found-devices.ts";
import { foundDevices } from "../../agent/found-devices.ts";
import { purposesOf } from "../../agent/found-hid.ts";
import { loadConfigFile } from "../../config/load-config-file.ts";
import { MachineTree } from "../support/machine-tree.ts";
import { TempFolder } from "../support/temp-folder.ts";

let folder: TempFolder;
let machine: MachineTree;

beforeEach(() => {
  folder = new TempFolder();
  machine = new MachineTree(folder.path);
});
afterEach(() => folder[Symbol.dispose]());

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(" ", ""), "hex");

/** HID Point of Sale Usage Tables 1.02: a bar code scanner with its data report. */
const barcode = hex("05 8c 09 02 a1 01 09 12 a1 02 85 02 15 00 26 ff 00 75 08 95 01 09 fe 81 02 c0 c0");
/** The same tables: a magnetic stripe reader. */
const stripe = hex("05 8e 09 01 a1 01 15 00 26 ff 00 75 08 95 01 09 11 81 02 c0");
/** A boot keyboard's beginning (HID 1.11, appendix B.1). */
const keyboard = hex("05 01 09 06 a1 01 05 07 19 e0 29 e7 15 00 25 01 75 01 95 08 81 02 c0");
const mouse = hex("05 01 09 02 a1 01 09 01 a1 00 05 09 19 01 29 03 81 02 c0 c0");
/** A page of a maker's own, as MagTek has it. */
const vendor = hex("06 00 ff 09 01 a1 01 15 00 26 ff 00 75 08 09 20 95 07 81 02 c0");

/** Loads a configuration made of the items found. */
function loadedWith(devices: readonly FoundDevice[]) {
  const indented = (items: readonly FoundDevice[]): string =>
    items.flatMap(({ yaml }) => yaml.map((line) => `      ${line}\n`)).join("");
  const radios = devices.filter(({ kind }) => kind === "bluetooth");
  const others = devices.filter(({ kind }) => kind !== "bluetooth");
  const zones = radios.length === 0 ? "" : `zones:\n  - id: entrance\n    devices:\n${indented(radios)}`;
  const path = folder.file("store.yaml");
  writeFileSync(
    path,
    `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: data }
lanes:
  - id: "05"
    devices:
${indented(others)}
${zones}
uplink: { url: "mqtt://127.0.0.1:1883" }
`,
  );
  return loadConfigFile({ flag: path, env: {} });
}

/** What is wrong with such a configuration. */
function faultsWith(devices: readonly FoundDevice[]): readonly string[] {
  const loaded = loadedWith(devices);
  if (loaded.state === "unreadable") return [loaded.detail.en];
  return loaded.state === "ok" ? [] : loaded.faults.map((fault) => `${fault.path} ${fault.message.en}`);
}

test("finds nothing where there is nothing, and where there is no sysfs", async () => {
  expect(await foundDevices(folder.path)).toEqual([]);
  expect(await foundDevices("/nowhere")).toEqual([]);
});

test("finds what storeloop could use, with items that make a configuration", async () => {
  const place = "usb-0000:00:14.0-2";
  machine.hid("hidraw10", {
    ids: "0801:0002",
    name: "Mag-Tek USB Swipe Reader",
    place: "usb-1/input0",
    descriptor: vendor,
  });
  machine.hid("hidraw2", {
    ids: "0C2E:0B61",
    name: "Honeywell 1450g",
    serial: "15134B41E0",
    place: `${place}/input0`,
    descriptor: barcode,
  });
  machine.hid("hidraw3", {
    ids: "0C2E:0B61",
    name: "Honeywell 1450g",
    serial: "15134B41E0",
    place: `${place}/input1`,
    descriptor: keyboard,
  });
  machine.hid("hidraw4", {
    ids: "046d:c077",
    name: "Logitech USB Optical Mouse",
    place: "usb-9/input0",
    descriptor: mouse,
  });
  machine.serial("ttyUSB0", "usb-FTDI_FT232R_USB_UART_A10K5XYZ-if00-port0");
  machine.serial("ttyACM0");
  machine.usb("1-3", {
    ids: "072F:2200",
    maker: "ACS",
    product: "ACR122U PICC Interface",
    class: "0b",
    driver: "pn533_usb",
  });
  machine.usb("1-4", { ids: "0bda:8153", maker: "Realtek", product: "USB 10/100/1000 LAN", class: "ff" });
  machine.bluetooth(0);
  machine.write("sys/class/bluetooth/hci0/address", "00:1a:7d:da:71:13\n");
  const found = await foundDevices(folder.path);
  expect(found.map((device) => ({ ...device, yaml: device.yaml.join("\n") }))).toMatchInlineSnapshot(`
    [
      {
        "announces": [
          "barcode-scanner",
        ],
        "kind": "hid",
        "name": "Honeywell 1450g",
        "path": "/dev/hidraw2",
        "port": "usb-0000:00:14.0-2",
        "productId": "0b61",
        "serial": "15134B41E0",
        "vendorId": "0c2e",
        "yaml": "- id: scanner-1
      type: hid
      vendorId: "0c2e"
      productId: "0b61"
      serial: "15134B41E0"",
      },
      {
        "announces": [
          "keyboard",
        ],
        "kind": "hid",
        "name": "Honeywell 1450g",
        "path": "/dev/hidraw3",
        "port": "usb-0000:00:14.0-2",
        "productId": "0b61",
        "serial": "15134B41E0",
        "vendorId": "0c2e",
        "yaml": "- id: scanner-1
      type: hid
      vendorId: "0c2e"
      productId: "0b61"
      serial: "15134B41E0"",
      },
      {
        "announces": [
          "vendor-defined",
        ],
        "kind": "hid",
        "name": "Mag-Tek USB Swipe Reader",
        "path": "/dev/hidraw10",
        "port": "usb-1",
        "productId": "0002",
        "vendorId": "0801",
        "yaml": "- id: scanner-2
      type: hid
      vendorId: "0801"
      productId: "0002"",
      },
      {
        "device": "/dev/ttyUSB0",
        "kind": "serial",
        "name": "usb-FTDI_FT232R_USB_UART_A10K5XYZ-if00-port0",
        "path": "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A10K5XYZ-if00-port0",
        "yaml": "- id: printer-1
      type: printer-serial
      path: "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A10K5XYZ-if00-port0"",
      },
      {
        "device": "/dev/ttyACM0",
        "kind": "serial",
        "name": "ttyACM0",
        "path": "/dev/ttyACM0",
        "yaml": "- id: printer-2
      type: printer-serial
      path: "/dev/ttyACM0"",
      },
      {
        "heldBy": "pn533_usb",
        "kind": "card-reader",
        "name": "ACS ACR122U PICC Interface",
        "productId": "2200",
        "vendorId": "072f",
        "yaml": "- id: reader-1
      type: nfc
      reader: "ACS ACR122U PICC Interface" # as pcsc_scan -r prints it",
      },
      {
        "adapter": 0,
        "address": "00:1a:7d:da:71:13",
        "kind": "bluetooth",
        "name": "hci0",
        "yaml": "- id: radio-0
      type: ble
      adapter: 0",
      },
    ]
  `);
  expect(
    faultsWith(found.filter(({ yaml }, index) => found.findIndex((one) => one.yaml[0] === yaml[0]) === index)),
  ).toEqual([]);
});

test.each([
  ["their place", ["usb-1/input0", "usb-2/input0"], ['  path: "usb-1"', '  path: "usb-2"']],
  ["their device files where no place is told", ["", ""], ["  path: /dev/hidraw0", "  path: /dev/hidraw1"]],
])("two scanners of a kind without serial numbers are told apart by %s", async (_what, places, paths) => {
  for (const [index, place] of places.entries())
    machine.hid(`hidraw${index}`, { ids: "05e0:1300", name: "Symbol", place, descriptor: barcode });
  const found = await foundDevices(folder.path);
  expect(found.map(({ yaml }) => yaml.at(-1))).toEqual(paths);
  expect(faultsWith(found)).toEqual([]);
});

test("a device whose descriptor makes no sense is found without a purpose", async () => {
  machine.hid("hidraw0", { ids: "05e0:1300", name: "Symbol", place: "usb-1/input0", descriptor: hex("05 8c 09") });
  expect(await foundDevices(folder.path)).toMatchObject([{ kind: "hid", announces: [] }]);
});

test("a device whose descriptor cannot be read is found without a purpose", async () => {
  machine.hid("hidraw0", { ids: "05e0:1300", name: "Symbol", place: "usb-1/input0" });
  expect(await foundDevices(folder.path)).toMatchObject([{ kind: "hid", announces: [] }]);
});

test("a serial port without a name of its own goes by the socket it is in, else by what it is now", async () => {
  machine.serial("ttyUSB1");
  machine.link("dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0-port0", "../../ttyUSB1");
  machine.serial("ttyUSB2");
  machine.serial("ttyS0");
  expect(await foundDevices(folder.path)).toMatchObject([
    { path: "/dev/serial/by-path/pci-0000:00:14.0-usb-0:3:1.0-port0", device: "/dev/ttyUSB1" },
    { path: "/dev/ttyUSB2", device: "/dev/ttyUSB2" },
  ]);
});

test("whatever a device calls itself, its item makes a configuration with that serial number", async () => {
  // What a USB string descriptor can hold, but line ends, which end the kernel's own line.
  const strings = fc
    .string({ unit: "binary", minLength: 1, maxLength: 20 })
    .filter((text) => !["\r", "\n", "\0"].some((end) => text.includes(end)));
  await fc.assert(
    fc.asyncProperty(strings, strings, async (product, serial) => {
      using own = new TempFolder();
      const tree = new MachineTree(own.path);
      tree.usb("1-3", { ids: "072f:2200", product, serial, class: "0b" });
      const loaded = loadedWith(await foundDevices(own.path));
      if (loaded.state !== "ok") throw new Error(JSON.stringify(loaded));
      const [device] = loaded.config.lanes[0]!.devices;
      expect(device?.type === "nfc" ? device.serial : "").toBe(serial.trim() === "" ? undefined : serial.trim());
    }),
    { numRuns: 50 },
  );
});

test.each([
  ["a bar code scanner", barcode, ["barcode-scanner"]],
  ["a stripe reader", stripe, ["magnetic-stripe"]],
  ["a keyboard", keyboard, ["keyboard"]],
  ["a maker's own kind", vendor, ["vendor-defined"]],
  ["a mouse", mouse, []],
  [
    "a scanner that types as well",
    Buffer.concat([keyboard, hex("05 8c 09 02 a1 01 c0")]),
    ["keyboard", "barcode-scanner"],
  ],
  ["a usage of four bytes, which brings its page", hex("0b 02 00 8c 00 a1 01 c0"), ["barcode-scanner"]],
  ["a long item before it", Buffer.concat([hex("fe 03 f0 a1 01 09"), barcode]), ["barcode-scanner"]],
  ["a collection that is no application", hex("05 8c 09 02 a1 00 c0"), []],
  ["a collection cut off before its kind", hex("05 8c 09 02 a1"), undefined],
])("knows by its descriptor %s", (_name, descriptor, purposes) => {
  expect(purposesOf(descriptor)).toEqual(purposes);
});

test("reads any bytes as a descriptor without failing", () => {
  const item = fc.constantFrom(0x05, 0x06, 0x09, 0x0b, 0xa1, 0xc0, 0xfe, 0x8c, 0x01, 0xff);
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 4096 }),
    fc.array(item, { maxLength: 500 }).map((all) => Uint8Array.from(all)),
  );
  fc.assert(
    fc.property(bytes, (descriptor) => {
      const purposes = purposesOf(descriptor) ?? [];
      expect(new Set(purposes).size).toBe(purposes.length);
    }),
  );
});
