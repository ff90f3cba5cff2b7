import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { loadConfig } from "../../../config/load-config.ts";
import { showConfig } from "../../../config/show-config.ts";
import { decodeHandOver, encodeHandOver } from "../../../agent/hand-over.ts";

const base = `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: a, dataDir: data }
uplink: { url: "mqtt://127.0.0.1:1883" }
`;

const pem = generateKeyPairSync("ec", { namedCurve: "prime256v1" })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();
const aes = "000102030405060708090a0b0c0d0e0f";

const lane = (...devices: readonly string[]): string => `lanes: [{ id: "05", devices: [${devices.join(", ")}] }]\n`;

const load = (text: string) =>
  loadConfig(base + text, {
    env: { AES: aes, PEM: pem, SHORT: "00" },
    readSecretFile: () => `${aes}\n`,
    base: "/etc/storeloop",
  });

function configOf(text: string) {
  const result = load(text);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result;
}

function faultsOf(text: string): readonly string[] {
  const result = load(text);
  return result.ok ? [] : result.faults.map(({ code, path }) => `${code} ${path}`);
}

const whole = `${lane(
  '{ id: r, type: nfc, reader: ACS, serial: "RR1" }',
  '{ id: r2, type: nfc, reader: ACS, serial: "RR2" }',
  '{ id: s, type: hid, vendorId: "0c2e", productId: "0b61", keyboardLayout: de }',
)}zones: [{ id: entrance, devices: [{ id: radio-1, type: ble }, { id: radio-2, type: ble, library: stoprocent, path: /dev/ttyACM0 }] }]
beacons:
  - { id: cart, type: ibeacon, uuid: 2f234454-cf6d-4a0f-adf2-f4911ba9ffa6, major: 1 }
  - { id: staff, type: irk, irkEnv: AES }
  - { id: tag, type: eddystone-eid, identityKeyFile: eid.key, rotationExponent: 10, beaconTimeSeconds: 0, asOf: "2026-03-14T10:00:00+08:00" }
presence: { enterDbm: -70 }
nfc:
  ntag424: [{ name: card, metaReadKeyEnv: AES, fileReadKeyFile: card.key }]
  vas: [{ name: club, passTypeId: pass.com.example.club, privateKeyEnv: PEM }]
  smartTap: { name: club, collectorId: "20180608", privateKeyEnv: PEM }
codes:
  members: [{ programme: club, prefix: "28", minLength: 13, maxLength: 13 }]
`;

test("takes readers, scanners, radios, beacons and the keys that cards and phones are checked with", () => {
  const { config } = configOf(whole);
  expect(config.nfc.order).toEqual(["vas", "smart-tap", "ntag424", "ndef", "transit", "emv"]);
  expect(config.nfc.ntag424[0]?.fileReadKey?.reveal()).toBe(aes);
  expect(config.nfc.vas[0]?.privateKey?.reveal()).toBe(pem.trimEnd());
  expect(config.beacons[1]).toMatchObject({ id: "staff", type: "irk" });
  expect(config.zones[0]?.devices[1]).toMatchObject({ library: "stoprocent", baudRate: 1_000_000 });
  expect(config.presence).toMatchObject({ enterDbm: -70, exitDbm: -95 });
});

test("makes the path of a radio absolute, and leaves that of a scanner alone, which may be a socket", () => {
  const { config } = configOf(`lanes: [{ id: "1", devices: [{ id: s, type: hid, path: usb-0000:00:14.0-2 }] }]
zones: [{ id: entrance, devices: [{ id: r, type: ble, library: stoprocent, path: ../tty-entrance }] }]
`);
  expect(config.zones[0]?.devices[0]?.path).toBe("/etc/tty-entrance");
  expect(config.lanes[0]?.devices[0]).toMatchObject({ path: "usb-0000:00:14.0-2" });
});

test("hands all of it over to the daemon, and shows none of its secrets", () => {
  const { config, given } = configOf(whole);
  const { shown, effective } = showConfig(config, given);
  const arrived = decodeHandOver(encodeHandOver({ config, profiles: [] })).config;
  expect(arrived).toEqual(config);
  expect(arrived.beacons.map((beacon) => (beacon.type === "irk" ? beacon.irk?.reveal() : ""))).toEqual(["", aes, ""]);
  for (const printed of [shown, JSON.stringify(effective), JSON.stringify(arrived)]) {
    expect(printed).not.toContain(aes);
    expect(printed).not.toContain("PRIVATE KEY");
  }
  expect(shown).toMatch(/irkEnv: AES # secret/);
  expect(
    configOf(shown.replace(/^version: 1\n/, "").replace(/^(store|agent|uplink):\n( +.*\n)+/gm, "")).config,
  ).toEqual(config);
});

test("says what is wrong with keys, where they are named", () => {
  const text = `${lane()}nfc:
  ntag424: [{ name: card, fileReadKeyEnv: SHORT }, { name: two, fileReadKeyEnv: AES, fileReadKeyFile: x }]
  vas: [{ name: club, passTypeId: pass.x, privateKeyEnv: AES }, { name: club, passTypeId: pass.y }]
beacons: [{ id: s, type: irk, irkEnv: NOT_THERE }]
`;
  expect(faultsOf(text)).toEqual([
    "SECRET_WEAK nfc.ntag424[0].fileReadKeyEnv",
    "SECRET_TWICE nfc.ntag424[1].fileReadKeyEnv",
    "SECRET_WEAK nfc.vas[0].privateKeyEnv",
    "BAD_FORMAT nfc.vas[1]",
    "SECRET_UNREADABLE beacons[0].irkEnv",
  ]);
});

test("takes no key that everybody knows, shows none that stands in the wrong place, and says what to write instead", () => {
  const result = loadConfig(
    `${base}${lane()}nfc: { ntag424: [{ name: a, fileReadKeyEnv: ZERO }, { name: b, authKeyFile: ${aes} }, { name: c, authKey: ${aes} }] }\n`,
    {
      env: { ZERO: "0".repeat(32) },
      readSecretFile: (path) => {
        throw new Error(`ENOENT: no such file, open '${path}'`);
      },
      base: "/etc",
    },
  );
  const faults = result.ok ? [] : result.faults;
  expect(faults.map(({ code, path }) => `${code} ${path}`)).toEqual([
    "SECRET_WEAK nfc.ntag424[0].fileReadKeyEnv",
    "SECRET_INLINE nfc.ntag424[1].authKeyFile",
    "SECRET_INLINE nfc.ntag424[2].authKey",
  ]);
  expect(JSON.stringify(faults)).not.toContain(aes);
});

test("takes the master key of nfc-developer's scheme, and a suffix for AN10922", () => {
  const keys = (more: string): string => `${lane()}nfc: { ntag424: [{ name: a, fileReadKeyEnv: MASTER${more} }] }\n`;
  const env = { MASTER: aes + aes };
  const read = (text: string) => loadConfig(base + text, { env, readSecretFile: () => "", base: "/" });
  expect(read(keys(", diversified: nfc-developer")).ok).toBe(true);
  expect(read(keys(', diversified: an10922, diversificationSuffix: "3042F5"')).ok).toBe(false);
  expect(read(keys("")).ok).toBe(false);
});

test("wants a prefix for member numbers of digits: without one they may be anything", () => {
  expect(
    faultsOf(`${lane()}codes: { members: [{ programme: a }, { programme: b, characters: alphanumeric }] }\n`),
  ).toEqual(["BAD_FORMAT codes.members[0]"]);
});

test("refuses two uses of one thing, a device that nothing names, and thresholds the wrong way round", () => {
  const text = `${lane("{ id: a, type: nfc, reader: ACS }", "{ id: b, type: nfc, reader: ACS }", "{ id: c, type: hid }")}zones:
  - { id: z, devices: [{ id: a, type: ble }, { id: d, type: ble, adapter: 0 }, { id: e, type: ble, path: /dev/x }] }
presence: { enterDbm: -96 }
`;
  expect(faultsOf(text)).toEqual([
    "ALREADY_IN_USE lanes[0].devices[1].reader",
    "BAD_FORMAT lanes[0].devices[2]",
    "DUPLICATE_ID zones[0].devices[0].id",
    "ALREADY_IN_USE zones[0].devices[1].adapter",
    "BAD_FORMAT zones[0].devices[2]",
    "NOT_ALLOWED presence.enterDbm",
  ]);
});

test("knows what is meant by a key that is misspelt, deep in a list", () => {
  const result = load(`${lane()}beacons: [{ id: x, type: eddystone-url, uri: "https://a.b" }]\n`);
  expect(result.ok ? "" : result.faults[0]?.hint.en).toMatch(/url/);
});
