import { inspect } from "node:util";
import { expect, test } from "vitest";
import { rootLogger } from "../../agent/logging.ts";
import { touchDrivers } from "../../agent/touch-drivers.ts";
import { radioOptions, readerOptions, scannerOptions } from "../../agent/touch-options.ts";
import type { Config } from "../../config/config.ts";
import { loadConfig } from "../../config/load-config.ts";
import { appletsOf } from "../../drivers/nfc/iso-dep/applets.ts";
import { LogLines } from "../support/log-lines.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { newMerchantKeys } from "../support/merchant-keys.ts";

const pem = newMerchantKeys().pkcs8Pem.trimEnd();

/** One key each, so that none can pass for another. */
const keys = {
  META: "000102030405060708090a0b0c0d0e0f",
  FILE: "101112131415161718191a1b1c1d1e1f",
  AUTH: "202122232425262728292a2b2c2d2e2f",
  EID: "303132333435363738393a3b3c3d3e3f",
  IRK: "404142434445464748494a4b4c4d4e4f",
} as const;

const whole = `
lanes:
  - id: "05"
    devices:
      - { id: till, type: printer-tcp, listen: "0.0.0.0:9100" }
      - { id: reader-5, type: nfc, reader: "ACS ACR122U PICC Interface" }
      - { id: scanner-5, type: hid, vendorId: "0C2E", productId: "0b61", serial: "15134B41E0" }
  - id: "06"
    devices:
      - { id: reader-6, type: nfc, reader: "ACS ACR1252", serial: "RR123" }
      - { id: scanner-6, type: hid, path: "usb-0000:00:14.0-2", keyboardLayout: fr, suffix: tab }
zones:
  - { id: entrance, devices: [{ id: radio-0, type: ble, adapter: 1 }] }
  - { id: shelves, devices: [{ id: radio-2, type: ble, adapter: 1, address: "00:1A:7D:DA:71:13" }] }
  - { id: back, devices: [{ id: radio-1, type: ble, library: stoprocent, path: /dev/ttyACM0, baudRate: 115200 }] }
beacons:
  - { id: cart, type: ibeacon, uuid: 2f234454-cf6d-4a0f-adf2-f4911ba9ffa6, major: 1 }
  - { id: basket, type: altbeacon, uuid: 2f234454-cf6d-4a0f-adf2-f4911ba9ffa6, major: 1, minor: 2 }
  - { id: uid, type: eddystone-uid, namespace: 2f234454f4911ba9ffa6, instance: "000000000001" }
  - { id: url, type: eddystone-url, url: "https://example.com/" }
  - { id: tag, type: eddystone-eid, identityKeyEnv: EID, rotationExponent: 10, beaconTimeSeconds: 7, asOf: "2026-03-14T10:00:00+08:00" }
  - { id: staff, type: irk, irkEnv: IRK }
nfc:
  order: [vas, smart-tap, ntag424, ndef]
  ntag424:
    - { name: card, metaReadKeyEnv: META, fileReadKeyEnv: FILE, authKeyEnv: AUTH, authKeyNumber: 3, diversified: an10922, parameters: { mac: m } }
    - { name: plain, fileReadKeyEnv: FILE }
  vas: [{ name: club, passTypeId: pass.com.example.club, privateKeyEnv: PEM, url: "https://example.com/join" }]
  smartTap: { name: club, collectorId: "20180608", keyVersion: 2, privateKeyEnv: PEM }
codes:
  members: [{ programme: club, prefix: "28", minLength: 13, maxLength: 13 }]
  magstripe: [{ programme: club, prefix: "9280" }]
`;

function configOf(text: string): Config {
  const result = loadConfig(
    `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: a, dataDir: data }
uplink: { url: "mqtt://127.0.0.1:1883" }
${text}`,
    { env: { ...keys, PEM: pem }, readSecretFile: () => "", base: "/etc/storeloop" },
  );
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.config;
}

test("readers are told their lanes, and what cards are asked for with which keys", () => {
  const options = readerOptions(configOf(whole));
  expect(options).toEqual({
    readers: [
      { deviceId: "reader-5", laneId: "05", reader: "ACS ACR122U PICC Interface" },
      { deviceId: "reader-6", laneId: "06", reader: "ACS ACR1252", serial: "RR123" },
    ],
    credentials: {
      order: ["vas", "smart-tap", "ntag424", "ndef"],
      ntag424: [
        {
          keyName: "card",
          metaReadKeyHex: keys.META,
          fileReadKeyHex: keys.FILE,
          authKeyHex: keys.AUTH,
          authKeyNumber: 3,
          diversified: "an10922",
          parameters: { mac: "m" },
        },
        { keyName: "plain", fileReadKeyHex: keys.FILE, authKeyNumber: 0 },
      ],
      passes: [
        {
          keyName: "club",
          passTypeId: "pass.com.example.club",
          privateKeyPem: pem,
          url: "https://example.com/join",
        },
      ],
      smartTap: { keyName: "club", collectorId: "20180608", keyVersion: 2, privateKeyPem: pem },
    },
  });
  // The driver makes of them what was asked for, in that order: nothing is lost on the way to it.
  expect(appletsOf(options.credentials).map(({ name }) => name)).toEqual(["vas", "smart-tap", "ntag424", "ndef"]);
});

test("scanners are told by numbers, their place and how they type", () => {
  expect(scannerOptions(configOf(whole))).toEqual({
    devices: [
      {
        deviceId: "scanner-5",
        laneId: "05",
        vendorId: 0x0c2e,
        productId: 0x0b61,
        serial: "15134B41E0",
        keyboardLayout: "us",
      },
      { deviceId: "scanner-6", laneId: "06", path: "usb-0000:00:14.0-2", keyboardLayout: "fr", suffix: "tab" },
    ],
    codes: {
      members: [{ programme: "club", prefix: "28", minLength: 13, maxLength: 13, characters: "digits" }],
      vouchers: [],
      magstripe: [{ programme: "club", prefix: "9280" }],
    },
  });
});

test("radios are told their zones and ports, and by what beacons are known", () => {
  expect(radioOptions(configOf(whole))).toEqual({
    radios: [
      { deviceId: "radio-0", zoneId: "entrance", port: { library: "abandonware", adapter: 1 } },
      { deviceId: "radio-2", zoneId: "shelves", port: { library: "abandonware", address: "00:1A:7D:DA:71:13" } },
      {
        deviceId: "radio-1",
        zoneId: "back",
        port: { library: "stoprocent", uart: { port: "/dev/ttyACM0", baudRate: 115_200 } },
      },
    ],
    beacons: [
      { beaconId: "cart", match: { type: "ibeacon", uuid: "2f234454-cf6d-4a0f-adf2-f4911ba9ffa6", major: 1 } },
      {
        beaconId: "basket",
        match: { type: "altbeacon", id1: "2f234454-cf6d-4a0f-adf2-f4911ba9ffa6", id2: 1, id3: 2 },
      },
      {
        beaconId: "uid",
        match: { type: "eddystone-uid", namespace: "2f234454f4911ba9ffa6", instance: "000000000001" },
      },
      { beaconId: "url", match: { type: "eddystone-url", url: "https://example.com/" } },
      {
        beaconId: "tag",
        match: {
          type: "eddystone-eid",
          identityKeyHex: keys.EID,
          rotationExponent: 10,
          beaconTimeSeconds: 7,
          asOfMs: Date.UTC(2026, 2, 14, 2),
          driftSeconds: 3_600,
        },
      },
      { beaconId: "staff", match: { type: "irk", irkHex: keys.IRK } },
    ],
  });
});

test("there is a driver for all readers, one for all scanners and one for all radios, and none for nothing", () => {
  const parts = { clock: new ManualClock(), logger: new LogLines() };
  const drivers = touchDrivers(configOf(whole), parts);
  expect(drivers.map((driver) => [driver.name, driver.devices().map(({ deviceId }) => deviceId)])).toEqual([
    ["nfc", ["reader-5", "reader-6"]],
    ["hid", ["scanner-5", "scanner-6"]],
    ["ble", ["radio-0", "radio-2", "radio-1"]],
  ]);
  const till = 'lanes: [{ id: "05", devices: [{ id: till, type: printer-tcp, listen: "0.0.0.0:9100" }] }]';
  expect(touchDrivers(configOf(till), parts)).toEqual([]);
});

test("no key stands in what can be logged or looked at, of the configuration or of the drivers", () => {
  const config = configOf(whole);
  const written: string[] = [];
  const logger = rootLogger("debug", { write: (line: string) => void written.push(line) });
  const drivers = touchDrivers(config, { clock: new ManualClock(), logger });
  const states = drivers.map((driver) => driver.devices());
  logger.info({ config, drivers, states }, "everything there is");
  expect(written).toHaveLength(1);
  const text = written.join("") + inspect({ config, drivers, states }, { depth: 10, showHidden: true });
  for (const key of [...Object.values(keys), "PRIVATE KEY"]) expect(text).not.toContain(key);
});
