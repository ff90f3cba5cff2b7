import { describe, expect, it } from "vitest";
import { BatteryNotes } from "../../../../drivers/ble/battery-notes.ts";
import { BeaconCatalogue, type BeaconConfig } from "../../../../drivers/ble/beacon-catalogue.ts";
import { readFrame } from "../../../../drivers/ble/beacon-frame.ts";
import { structure, writeAdvert, type VirtualBeacon } from "../../../../drivers/ble/virtual/advert-writer.ts";

const uuid = "fda50693-a4e2-4fb1-afcf-c6eb07647825";
const namespace = "2f234454f4911ba9ffa6";
const now = (): number => Date.parse("2026-03-14T08:00:00Z");

function recognise(beacons: readonly BeaconConfig[], advert: VirtualBeacon, address = "c0:00:00:00:00:01") {
  const origin = { frame: readFrame(writeAdvert(advert)), address, isRandomAddress: true };
  return new BeaconCatalogue(beacons).recognise(origin, now);
}

describe("the beacon catalogue", () => {
  const iBeacons: BeaconConfig[] = [
    { beaconId: "chain", match: { type: "ibeacon", uuid: uuid.toUpperCase() } },
    { beaconId: "store", match: { type: "ibeacon", uuid: uuid.replaceAll("-", ""), major: 7 } },
    { beaconId: "door", match: { type: "ibeacon", uuid, major: 7, minor: 1 } },
  ];

  it.each([
    [7, 1, "door"],
    [7, 2, "store"],
    [8, 1, "chain"],
  ])("finds the closest match of iBeacon %i/%i, and names the beacon itself", (major, minor, beaconId) => {
    expect(recognise(iBeacons, { type: "ibeacon", uuid, major, minor, tx: -59 })).toEqual({
      beaconId,
      identifier: `ibeacon:${uuid}:${major}:${minor}`,
      txPowerDbm: -59,
    });
  });

  it("knows nothing of other beacons", () => {
    expect(
      recognise(iBeacons, { type: "ibeacon", uuid: uuid.replace("f", "e"), major: 7, minor: 1, tx: -59 }),
    ).toBeUndefined();
    expect(recognise([], { type: "ibeacon", uuid, major: 7, minor: 1, tx: -59 })).toBeUndefined();
  });

  it("asks for the maker of an AltBeacon only where one is configured", () => {
    const advert = { type: "altbeacon", companyId: 0x0118, id1: uuid, id2: 1, id3: 2, tx: -60 } as const;
    const match = { type: "altbeacon", id1: uuid, id2: 1 } as const;
    const identifier = `altbeacon:${uuid}:1:2`;
    expect(recognise([{ beaconId: "any", match }], advert)).toMatchObject({ beaconId: "any", identifier });
    expect(recognise([{ beaconId: "radius", match: { ...match, companyId: 0x0118 } }], advert)).toMatchObject({
      beaconId: "radius",
      identifier,
    });
    const both = [
      { beaconId: "any", match },
      { beaconId: "radius", match: { ...match, companyId: 0x0118 } },
    ];
    expect(recognise(both, advert)).toMatchObject({ beaconId: "radius", identifier });
    expect(recognise([{ beaconId: "other", match: { ...match, companyId: 0x004d } }], advert)).toBeUndefined();
  });

  it("knows Eddystone beacons by namespace, instance, URL or identity key", () => {
    const uid = { type: "eddystone-uid", namespace, instance: "000000000001", tx: -20 } as const;
    expect(recognise([{ beaconId: "ns", match: { type: "eddystone-uid", namespace } }], uid)).toEqual({
      beaconId: "ns",
      identifier: `eddystone-uid:${namespace}:000000000001`,
      txPowerDbm: -61,
    });
    const url = structure(0x16, Uint8Array.from(Buffer.from("aafe10e702676f6f676c6500", "hex")));
    const catalogue = new BeaconCatalogue([
      { beaconId: "page", match: { type: "eddystone-url", url: "http://google.com/" } },
      {
        beaconId: "shy",
        match: {
          type: "eddystone-eid",
          identityKeyHex: "0102030405060708090a111213141516",
          rotationExponent: 10,
          beaconTimeSeconds: 2_000,
          asOfMs: now(),
        },
      },
    ]);
    const origin = (advert: Uint8Array) => ({
      frame: readFrame(advert),
      address: "c0:00:00:00:00:01",
      isRandomAddress: true,
    });
    expect(catalogue.recognise(origin(url), now)).toMatchObject({
      beaconId: "page",
      identifier: "eddystone-url:http://google.com/",
    });
    const eid = writeAdvert({ type: "eddystone-eid", eid: "4144413e45fefa58", tx: -20 });
    expect(catalogue.recognise(origin(eid), now)).toEqual({
      beaconId: "shy",
      identifier: "eddystone-eid:shy",
      txPowerDbm: -61,
    });
    expect(catalogue.recognise(origin(eid), () => now() + 10 ** 8)).toBeUndefined();
  });

  it("knows a device by its identity resolving key, whatever it says, and only from a random address", () => {
    const catalogue = new BeaconCatalogue([
      { beaconId: "trolley", match: { type: "irk", irkHex: "ec0234a357c8ad05341010a60a397d9b" } },
    ]);
    const address = "70:81:94:0d:fb:aa";
    const known = { beaconId: "trolley", identifier: "irk:trolley" };
    expect(catalogue.recognise({ frame: undefined, address, isRandomAddress: true }, now)).toEqual(known);
    expect(catalogue.recognise({ frame: { type: "apple-continuity" }, address, isRandomAddress: true }, now)).toEqual(
      known,
    );
    expect(catalogue.recognise({ frame: undefined, address, isRandomAddress: false }, now)).toBeUndefined();
  });

  it.each([
    { type: "ibeacon", uuid: "fda5" },
    { type: "ibeacon", uuid, minor: 3 },
    { type: "eddystone-uid", namespace: "zz" },
    { type: "irk", irkHex: "00" },
  ] as const)("refuses what cannot be: %o", (match) => {
    expect(() => new BeaconCatalogue([{ beaconId: "b", match }])).toThrow(RangeError);
  });
});

describe("battery notes", () => {
  const telemetry = (batteryMv: number) =>
    readFrame(writeAdvert({ type: "eddystone-tlm", batteryMv, temperatureC: 20 }));
  const frame = readFrame(writeAdvert({ type: "eddystone-uid", namespace, instance: "000000000001", tx: -20 }));

  it("keep the voltage of the beacon that sent from the same address, and tell of the weakest", () => {
    const notes = new BatteryNotes();
    notes.note("a", telemetry(2_000), undefined);
    expect(notes.weakest()).toBeUndefined();
    notes.note("a", frame, { beaconId: "door", identifier: "x" });
    notes.note("b", frame, { beaconId: "hall", identifier: "y" });
    notes.note("a", telemetry(2_500), undefined);
    notes.note("b", telemetry(2_900), undefined);
    expect(notes.weakest()).toEqual({ beaconId: "door", millivolts: 2_500 });
    notes.note("a", telemetry(3_000), undefined);
    expect(notes.weakest()).toEqual({ beaconId: "hall", millivolts: 2_900 });
  });

  it("forget the oldest of 257 addresses", () => {
    const notes = new BatteryNotes();
    for (let index = 0; index < 257; index++)
      notes.note(`address ${index}`, frame, { beaconId: `b${index}`, identifier: "x" });
    notes.note("address 0", telemetry(1_000), undefined);
    expect(notes.weakest()).toBeUndefined();
    notes.note("address 256", telemetry(1_000), undefined);
    expect(notes.weakest()).toEqual({ beaconId: "b256", millivolts: 1_000 });
  });
});
