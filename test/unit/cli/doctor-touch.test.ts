import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DeviceState } from "../../../agent/core/driver.ts";
import { asDeviceId, asLaneId, asZoneId } from "../../../agent/core/ids.ts";
import { openControl } from "../../../agent/control/control-server.ts";
import { runDoctor, runDoctorUnprivileged, type Check } from "../../support/doctor-run.ts";
import { MachineTree } from "../../support/machine-tree.ts";
import { ScriptedSource, scriptedAtMs, scriptedSnapshot } from "../../support/scripted-source.ts";
import { TempFolder } from "../../support/temp-folder.ts";

let folder: TempFolder;
let machine: MachineTree;

beforeEach(() => {
  folder = new TempFolder();
  machine = new MachineTree(folder.path);
});
afterEach(() => {
  machine.close();
  folder[Symbol.dispose]();
});

const nfc = `{ id: reader, type: nfc, reader: "ACS ACR122U PICC Interface" }`;
const hid = `{ id: scanner, type: hid, vendorId: "0C2E", productId: "0b61" }`;
const ble = `{ id: radio, type: ble, adapter: 0 }`;
const printer = `{ id: pos, type: printer-serial, path: /dev/ttyUSB0 }`;

function config(devices: string, radios = ""): string {
  const zones = radios === "" ? "" : `zones: [{ id: entrance, devices: [${radios}] }]`;
  const path = folder.file("store.yaml");
  writeFileSync(
    path,
    `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: data }
lanes: [{ id: "05", devices: [${devices}] }]
${zones}
uplink: { url: "mqtt://127.0.0.1:1" }
`,
  );
  return path;
}

/** What doctor says beside configuration, disk, broker and the like. */
async function doctor(devices: string, radios = "", lang = "en") {
  return told(await runDoctor(config(devices, radios), folder.path, lang));
}

function told(checks: readonly Check[]) {
  const others = ["config", "profiles", "daemon", "broker", "ledger"];
  const touch = checks.filter(({ id }) => !others.includes(id) && !id.startsWith("disk"));
  const of = (id: string): Partial<Check> => touch.find((check) => check.id === id) ?? {};
  return { states: Object.fromEntries(touch.map(({ id, state }) => [id, state])), of };
}

const acr122 = { ids: "072f:2200", maker: "ACS", product: "ACR122U PICC Interface", class: "0b" };
const scanner = { ids: "0c2e:0b61", name: "Honeywell 1450g", serial: "15134B41E0", place: "usb-0000:00:14.0-2/input0" };
const barcode = Buffer.from("058c0902a101c0", "hex");

test("a reader that pcscd has is well", async () => {
  machine.usb("1-3", { ...acr122, driver: "usbfs" });
  await machine.pcscd(["ACS ACR122U PICC Interface 00 00"]);
  expect((await doctor(nfc)).states).toEqual({ pcscd: "ok", "device.reader": "ok" });
});

test("tells pcscd that is not installed from one that does not run, each with what to type", async () => {
  const missing = await doctor(nfc);
  expect(missing.states).toEqual({ pcscd: "fail", "device.reader": "fail" });
  expect(missing.of("pcscd")).toMatchObject({
    what: "pcscd is not installed",
    commands: ["sudo apt-get install -y pcscd", "sudo systemctl enable --now pcscd.socket"],
  });
  expect(missing.of("device.reader").what).toBe("reader: no card reader is plugged in");
  machine.write("usr/sbin/pcscd", "");
  machine.usb("1-3", acr122);
  const stopped = await doctor(nfc);
  expect(stopped.states).toEqual({ pcscd: "fail", "device.reader": "ok" });
  expect(stopped.of("pcscd")).toMatchObject({
    what: "pcscd is not running",
    commands: ["sudo systemctl enable --now pcscd.socket"],
  });
});

test("a pcscd that takes the connection and says nothing hangs", async () => {
  await machine.pcscd();
  expect((await doctor(nfc)).of("pcscd")).toMatchObject({
    state: "fail",
    what: "pcscd hangs",
    commands: ["sudo systemctl restart pcscd"],
  });
});

test("a pcscd that turns this user away needs the polkit rule", async () => {
  await machine.pcscd([]);
  chmodSync(folder.file("run/pcscd/pcscd.comm"), 0o000);
  const { of } = told(await runDoctorUnprivileged(config(nfc), folder.path));
  expect(of("pcscd")).toMatchObject({ state: "fail", what: "pcscd turns this user away" });
  expect(of("pcscd").commands?.[0]).toBe("sudo tee /etc/polkit-1/rules.d/50-storeloop.rules <<'RULE'");
});

test("lists the readers there are where the configured one is not among them", async () => {
  await machine.pcscd(["Identiv uTrust 3700 F CL Reader 00 00"]);
  expect((await doctor(nfc)).of("device.reader")).toMatchObject({
    state: "fail",
    what: "reader: there is no reader ACS ACR122U PICC Interface",
    commands: ['reader: "Identiv uTrust 3700 F CL Reader 00 00"'],
  });
});

test("tells readers of one name apart by their serial numbers", async () => {
  machine.usb("1-3", { ...acr122, serial: "RR171-000001" });
  await machine.pcscd(["ACS ACR122U PICC Interface 00 00"]);
  const device = (serial: string): string => nfc.replace(" }", `, serial: "${serial}" }`);
  expect((await doctor(device("RR171-000001"))).states).toMatchObject({ "device.reader": "ok" });
  expect((await doctor(device("RR171-000002"))).of("device.reader")).toMatchObject({
    state: "fail",
    commands: ['serial: "RR171-000001"'],
  });
});

test("knows a reader by its serial number though the numbers at the end of its name are others by now", async () => {
  machine.usb("1-3", { ...acr122, serial: "RR171-000001" });
  await machine.pcscd(["ACS ACR122U PICC Interface (RR171-000001) 01 00"]);
  const numbered = nfc.replace(`Interface"`, `Interface 00 00"`);
  const states = (device: string) => doctor(device).then((told) => told.states);
  expect(await states(numbered.replace(" }", `, serial: "RR171-000001" }`))).toMatchObject({ "device.reader": "ok" });
  expect(await states(numbered)).toMatchObject({ "device.reader": "fail" });
});

test("names the kernel module that has the reader, with the lines that keep it off", async () => {
  machine.usb("1-3", { ...acr122, driver: "pn533_usb" });
  machine.modules("pn533_usb", "pn533", "nfc");
  await machine.pcscd([]);
  const { states, of } = await doctor(nfc);
  expect(states).toEqual({ pcscd: "ok", "nfc.kernel": "fail", "device.reader": "fail" });
  expect(of("nfc.kernel")).toMatchObject({
    what: "the kernel module pn533_usb has the reader ACS ACR122U PICC Interface",
    commands: [
      "printf 'blacklist %s\\n' pn533_usb pn533 nfc |",
      "  sudo tee /etc/modprobe.d/storeloop-nfc.conf",
      "sudo modprobe -r pn533_usb",
      "sudo systemctl restart pcscd",
    ],
  });
});

test("warns of the module where it has taken no reader yet, and not of nfc alone, which other chips use", async () => {
  machine.usb("1-3", { ...acr122, driver: "usbfs" });
  await machine.pcscd(["ACS ACR122U PICC Interface 00 00"]);
  machine.modules("nfc", "btusb");
  expect((await doctor(nfc)).states).not.toHaveProperty(["nfc.kernel"]);
  machine.modules("pn533_usb", "pn533", "nfc");
  expect((await doctor(nfc)).states).toMatchObject({ "nfc.kernel": "warn", "device.reader": "ok" });
});

test("a reader that pcscd has no driver for is told from one that is not plugged in", async () => {
  machine.usb("1-3", acr122);
  await machine.pcscd([]);
  const { of } = await doctor(nfc);
  expect(of("device.reader").what).toMatch(/is plugged in, but pcscd does not have it/);
  expect(of("device.reader").commands).toContain("sudo apt-get install -y libccid");
});

test("mentions a reader that nobody configured only where pcscd is missing for it", async () => {
  machine.usb("1-3", acr122);
  expect((await doctor("")).of("pcscd")).toMatchObject({
    state: "warn",
    what: "the card reader ACS ACR122U PICC Interface is plugged in, and pcscd is not installed",
  });
  machine.write("usr/sbin/pcscd", "");
  expect((await doctor("")).states).toEqual({});
});

test("a scanner that is plugged in is named with what it is", async () => {
  machine.hid("hidraw0", { ...scanner, descriptor: barcode });
  const { states, of } = await doctor(hid);
  expect(states).toEqual({ "device.scanner": "ok" });
  expect(of("device.scanner").what).toBe("scanner: Honeywell 1450g is there (barcode scanner)");
});

test("lists the HID devices there are where the configured one is not plugged in", async () => {
  machine.hid("hidraw0", { ...scanner, ids: "05e0:1300", name: "Symbol Bar Code Scanner", descriptor: barcode });
  expect((await doctor(hid)).of("device.scanner")).toMatchObject({
    state: "fail",
    what: "scanner: 0C2E:0b61 is not plugged in",
    commands: ['vendorId: "05e0", productId: "1300" # Symbol Bar Code Scanner'],
  });
});

test("tells a scanner in the wrong mode from one that is not plugged in", async () => {
  machine.usb("1-2", { ids: "0c2e:0b6a", maker: "Honeywell", product: "1450g", class: "02", driver: "cdc_acm" });
  const { of } = await doctor(hid);
  expect(of("device.scanner").what).toBe("scanner: Honeywell 1450g (0c2e:0b6a) is there, but not as a HID device");
  expect(of("device.scanner").remedy).toMatch(/setting code/);
});

test("a scanner this user may not open needs the udev rule, or the rule loaded where it is installed", async () => {
  machine.hid("hidraw0", { ...scanner, descriptor: barcode });
  chmodSync(folder.file("dev/hidraw0"), 0o000);
  const path = config(hid);
  const { states, of } = told(await runDoctorUnprivileged(path, folder.path));
  expect(states).toEqual({ "device.scanner": "ok", "device.scanner.permission": "fail" });
  expect(of("device.scanner.permission").commands?.[0]).toMatch(
    /^sudo cp \/.*\/config\/udev\/60-storeloop\.rules \/etc\/udev\/rules\.d\/$/,
  );
  expect(of("device.scanner.permission").commands?.[1]).toBe("sudo udevadm control --reload && sudo udevadm trigger");
  machine.write("etc/udev/rules.d/60-storeloop.rules", "");
  const again = told(await runDoctorUnprivileged(path, folder.path));
  expect(again.of("device.scanner.permission").commands?.[0]).toBe(
    "sudo udevadm control --reload && sudo udevadm trigger",
  );
});

test("every interface of a scanner must be open to this user", async () => {
  machine.hid("hidraw0", { ...scanner, descriptor: barcode });
  machine.hid("hidraw1", { ...scanner, place: "usb-0000:00:14.0-2/input1", descriptor: barcode });
  chmodSync(folder.file("dev/hidraw1"), 0o400);
  const { of } = told(await runDoctorUnprivileged(config(hid), folder.path));
  expect(of("device.scanner.permission").what).toBe("scanner: no permission for /dev/hidraw1");
});

test("a scanner without its device file is no question of permission", async () => {
  machine.hid("hidraw0", { ...scanner, descriptor: barcode });
  rmSync(folder.file("dev/hidraw0"));
  expect((await doctor(hid)).of("device.scanner.permission").what).toBe("scanner: there is no /dev/hidraw0");
});

test.each(["usb-0000:00:14.0-2", "/dev/hidraw0", "/dev/scanner-5"])(
  "a scanner is known by its place, %s",
  async (path) => {
    machine.hid("hidraw0", { ...scanner, descriptor: barcode });
    machine.hid("hidraw1", { ...scanner, place: "usb-0000:00:14.0-3/input0", descriptor: barcode });
    machine.link("dev/scanner-5", "hidraw0");
    const { states } = await doctor(`{ id: scanner, type: hid, path: "${path}" }`);
    expect(states["device.scanner"]).toBe("ok");
    const other = await doctor(`{ id: scanner, type: hid, path: "${path}7" }`);
    expect(other.states["device.scanner"]).toBe("fail");
  },
);

test("a scanner that does not say what it is, is there all the same", async () => {
  machine.hid("hidraw0", scanner);
  expect((await doctor(hid)).of("device.scanner").what).toBe(
    "scanner: Honeywell 1450g is there (does not say what it is)",
  );
});

test("advises identifiers instead of a hidraw number", async () => {
  machine.hid("hidraw0", { ...scanner, descriptor: barcode });
  const { of } = await doctor("{ id: scanner, type: hid, path: /dev/hidraw0 }");
  expect(of("device.scanner.name")).toMatchObject({
    state: "warn",
    commands: ['vendorId: "0c2e"', 'productId: "0b61"', 'serial: "15134B41E0"'],
  });
});

const radioRights = (1n << 12n) | (1n << 13n);

test("an adapter that is there, on, and may be used is well", async () => {
  machine.bluetooth(0);
  machine.process("self", { uid: 998, capabilities: radioRights });
  expect((await doctor("", ble)).states).toEqual({ "device.radio": "ok", "bluetooth.permission": "ok" });
});

test.each([
  ["CAP_NET_RAW alone", 1n << 13n],
  ["CAP_NET_ADMIN alone", 1n << 12n],
  ["neither", 0xffff_cfffn],
])("%s does not do for Bluetooth", async (_name, capabilities) => {
  machine.bluetooth(0);
  machine.process("self", { uid: 998, capabilities });
  expect((await doctor("", ble)).of("bluetooth.permission").state).toBe("fail");
});

test("gives the right to use Bluetooth by the unit where there is one, else by the program's file", async () => {
  machine.bluetooth(0);
  const byHand = await doctor("", ble);
  expect(byHand.of("bluetooth.permission").commands?.[0]).toBe("sudo setcap cap_net_raw,cap_net_admin+eip \\");
  machine.write("etc/systemd/system/storeloop.service", "[Service]\nUser=storeloop\n");
  const byUnit = await doctor("", ble);
  expect(byUnit.of("bluetooth.permission").commands).toContain(
    "printf '[Service]\\nAmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN\\n' |",
  );
  machine.write(
    "etc/systemd/system/storeloop.service.d/bluetooth.conf",
    "[Service]\nAmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN\n",
  );
  expect((await doctor("", ble)).of("bluetooth.permission").what).toBe("the service's unit lets it use Bluetooth");
});

test("an adapter that is switched off says by what", async () => {
  machine.process("self", { uid: 998, capabilities: radioRights });
  machine.bluetooth(0, { soft: true });
  machine.bluetooth(1, { hard: true });
  const { of } = await doctor("", `${ble}, { id: back, type: ble, adapter: 1 }`);
  expect(of("device.radio.power").commands).toEqual(["sudo rfkill unblock bluetooth"]);
  expect(of("device.back.power").remedy).toMatch(/switch, key or BIOS/);
});

test("an adapter that is not there may be one the machine has switched off", async () => {
  machine.write("sys/class/rfkill/rfkill3/type", "bluetooth\n");
  machine.write("sys/class/rfkill/rfkill3/name", "tpacpi_bluetooth_sw\n");
  machine.write("sys/class/rfkill/rfkill3/soft", "1\n");
  machine.write("sys/class/rfkill/rfkill3/hard", "0\n");
  const { of } = await doctor("", ble);
  expect(of("device.radio")).toMatchObject({ state: "fail", commands: ["sudo rfkill unblock bluetooth"] });
});

test("a blocked Wi-Fi is no blocked Bluetooth", async () => {
  machine.write("sys/class/rfkill/rfkill0/type", "wlan\n");
  machine.write("sys/class/rfkill/rfkill0/name", "phy0\n");
  machine.write("sys/class/rfkill/rfkill0/soft", "1\n");
  machine.write("sys/class/rfkill/rfkill0/hard", "0\n");
  expect((await doctor("", ble)).of("device.radio")).not.toHaveProperty("commands");
});

test("an adapter known by its address is that one where the kernel tells addresses, and may be any where it does not", async () => {
  machine.process("self", { uid: 998, capabilities: radioRights });
  machine.bluetooth(0);
  machine.bluetooth(1);
  const addressed = `{ id: radio, type: ble, address: "00:1A:7D:DA:71:13" }`;
  expect((await doctor("", addressed)).of("device.radio").what).toBe(
    "radio: there are adapters (hci0, hci1); whether one is 00:1A:7D:DA:71:13 shows when the service opens them",
  );
  machine.write("sys/class/bluetooth/hci0/address", "00:1a:7d:da:71:12\n");
  machine.write("sys/class/bluetooth/hci1/address", "00:1a:7d:da:71:13\n");
  expect((await doctor("", addressed)).of("device.radio").what).toBe("radio: the Bluetooth adapter hci1 is there");
  machine.write("sys/class/bluetooth/hci1/address", "00:1a:7d:da:71:14\n");
  expect((await doctor("", addressed)).of("device.radio").state).toBe("fail");
});

test("lists the adapters there are where the configured one is not", async () => {
  machine.bluetooth(1);
  expect((await doctor("", ble)).of("device.radio")).toMatchObject({ state: "fail", commands: ["adapter: 1"] });
});

test("warns of bluetoothd, whatever else runs", async () => {
  machine.bluetooth(0);
  machine.process(812, { name: "bluetooth-meshd" });
  expect((await doctor("", ble)).states).not.toHaveProperty(["bluetooth.bluetoothd"]);
  machine.process(813, { name: "bluetoothd" });
  expect((await doctor("", ble)).of("bluetooth.bluetoothd").state).toBe("warn");
});

test("a controller on a serial line needs its port and no capability", async () => {
  const radio = `{ id: radio, type: ble, library: stoprocent, path: /dev/ttyACM0 }`;
  expect((await doctor("", radio)).states).toEqual({ "device.radio": "fail" });
  machine.link("dev/ttyACM0", "/dev/null");
  expect((await doctor("", radio)).states).toEqual({ "device.radio": "ok" });
});

test("finds and prints the name of a serial port that stays", async () => {
  machine.serial("ttyUSB0", "usb-FTDI_FT232R_USB_UART_A10K5XYZ-if00-port0");
  machine.serial("ttyUSB1", "usb-FTDI_FT232R_USB_UART_B20K5XYZ-if00-port0");
  const { of } = await doctor(printer);
  expect(of("device.pos.name")).toMatchObject({
    state: "warn",
    commands: ["path: /dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A10K5XYZ-if00-port0"],
  });
  expect((await doctor(printer.replace("USB0", "USB7"))).of("device.pos").commands).toHaveLength(2);
});

test("says that root's rights are not the service's", async () => {
  machine.hid("hidraw0", { ...scanner, descriptor: barcode });
  machine.process("self", { uid: 0 });
  expect((await doctor(hid)).states).not.toHaveProperty("user");
  machine.write("etc/passwd", "root:x:0:0::/root:/bin/sh\nstoreloop:x:998:998::/var/lib/storeloop:/usr/sbin/nologin\n");
  expect((await doctor(hid)).of("user")).toMatchObject({
    state: "warn",
    commands: ["sudo -u storeloop storeloop doctor"],
  });
});

/** A daemon whose devices are as given. */
async function daemonWith(...devices: readonly DeviceState[]): Promise<AsyncDisposable> {
  const source = new ScriptedSource();
  source.current = scriptedSnapshot({ devices: devices.map((device) => ({ ...device, faults: 0 })) });
  return await openControl(source, folder.file("data"));
}

const place = { laneId: asLaneId("05"), type: "any" };
const down = (id: string, code: string): DeviceState => ({
  ...place,
  deviceId: asDeviceId(id),
  health: { state: "down", sinceMs: scriptedAtMs, code },
});
const up = (id: string): DeviceState => ({
  ...place,
  deviceId: asDeviceId(id),
  health: { state: "up", sinceMs: scriptedAtMs },
});

test("takes a running daemon's word for its devices, and adds the culprit it finds", async () => {
  machine.usb("1-3", { ...acr122, driver: "pn533_usb" });
  await machine.pcscd([]);
  await using _daemon = await daemonWith(down("reader", "NFC_READER_GONE"), up("scanner"));
  const { states, of } = await doctor(`${nfc}, ${hid}`);
  expect(states).toEqual({
    "device.reader": "fail",
    "device.scanner": "ok",
    "nfc.kernel": "fail",
    "device.reader.cause": "fail",
  });
  expect(of("device.reader").remedy).toMatch(/check its USB cable/);
});

test("a hung pcscd is named by the daemon, with the catalogue's remedy", async () => {
  await using _daemon = await daemonWith(down("reader", "NFC_PCSCD_HUNG"));
  expect((await doctor(nfc)).of("device.reader").remedy).toMatch(/restart pcscd/);
});

test("a code the catalogue does not know still gets a remedy", async () => {
  await using _daemon = await daemonWith(down("scanner", "FROM_A_LATER_VERSION"));
  expect((await doctor(hid)).of("device.scanner").remedy).toMatch(/power and cable/);
});

test("judges a running daemon's rights, not those of whoever asks", async () => {
  machine.bluetooth(0);
  machine.process("self", { capabilities: radioRights });
  machine.process(4711, { uid: 998, capabilities: 0n });
  const radio: DeviceState = {
    deviceId: asDeviceId("radio"),
    zoneId: asZoneId("entrance"),
    type: "ble",
    health: { state: "failed", sinceMs: scriptedAtMs, code: "UNEXPECTED" },
  };
  await using _daemon = await daemonWith(radio);
  expect((await doctor("", ble)).states).toEqual({ "device.radio": "fail", "bluetooth.permission": "fail" });
});

test("says the same in Chinese, with the same ids and the same lines to type", async () => {
  machine.usb("1-2", { ids: "0c2e:0b6a", maker: "Honeywell", product: "1450g", class: "02" });
  machine.usb("1-3", { ...acr122, driver: "pn533_usb" });
  machine.bluetooth(0, { soft: true });
  machine.process(813, { name: "bluetoothd" });
  machine.serial("ttyUSB0", "usb-FTDI_A10K5XYZ-if00-port0");
  await machine.pcscd([]);
  const path = config(`${nfc}, ${hid}, ${printer}`, ble);
  const [chinese, english] = [await runDoctor(path, folder.path, "zh-CN"), await runDoctor(path, folder.path)];
  expect(chinese.map(({ id, state, commands }) => ({ id, state, commands }))).toEqual(
    english.map(({ id, state, commands }) => ({ id, state, commands })),
  );
  const spoken = chinese.filter(({ id }) => !id.startsWith("disk"));
  for (const { what, remedy } of spoken) expect(what + (remedy ?? "")).toMatch(/\p{Script=Han}/u);
});

test("prints the lines that install.md has", async () => {
  const page = readFileSync(new URL("../../../docs/install.md", import.meta.url), "utf8");
  machine.usb("1-3", { ...acr122, driver: "pn533_usb" });
  machine.hid("hidraw0", { ...scanner, descriptor: barcode });
  chmodSync(folder.file("dev/hidraw0"), 0o000);
  await machine.pcscd([]);
  chmodSync(folder.file("run/pcscd/pcscd.comm"), 0o000);
  machine.write("etc/udev/rules.d/60-storeloop.rules", "");
  const { of } = told(await runDoctorUnprivileged(config(`${nfc}, ${hid}`), folder.path));
  const lines = ["pcscd", "nfc.kernel", "device.scanner.permission"].flatMap((id) => of(id).commands ?? []);
  const own = lines.filter((line) => !line.startsWith("sudo systemctl restart"));
  expect(own).toHaveLength(10);
  for (const line of own) expect(page).toContain(`    ${line}\n`);
  expect(page).toContain("AmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN\n");
});
