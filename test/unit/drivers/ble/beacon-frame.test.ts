import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readStructures } from "../../../../drivers/ble/advert-structures.ts";
import { readFrame } from "../../../../drivers/ble/beacon-frame.ts";
import { structure, writeAdvert } from "../../../../drivers/ble/virtual/advert-writer.ts";

interface AdvertVector {
  readonly kind: string;
  readonly rawAdvHex?: string;
  readonly manufacturerDataHex?: string;
  readonly expect?: Readonly<Record<string, string | number>> | string;
}

interface ExposureVectors {
  readonly rows: readonly { readonly rpi: string; readonly aem: string }[];
}

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));
const frameOf = (hex: string) => readFrame(bytes(hex));

const file = (name: string) => new URL(`../../../../../shared/vectors/${name}.json`, import.meta.url);
const hasVectors = existsSync(file("ble-adverts")) && existsSync(file("exposure-notification"));
const read = (name: string): unknown => JSON.parse(readFileSync(file(name), "utf8"));
const vectors = hasVectors ? (read("ble-adverts") as { vectors: AdvertVector[] }).vectors : [];
const exposures = hasVectors ? (read("exposure-notification") as ExposureVectors).rows : [];

/** What the file says in its own words, in ours. */
function expected({ kind, expect: says }: AdvertVector): object | undefined {
  const facts = typeof says === "object" ? says : {};
  if (kind === "negative") return undefined;
  if (kind.startsWith("apple-")) return { type: "apple-continuity" };
  if (kind === "altbeacon") {
    const { refRssi, mfgReserved, ...rest } = facts;
    return { type: kind, ...rest, ...(refRssi !== undefined && { txPowerDbm: refRssi, reserved: mfgReserved }) };
  }
  if (kind === "ibeacon") return { type: kind, major: facts["major"], minor: facts["minor"] };
  const { txPower, urlBytes: _encoded, ...rest } = facts;
  return { type: kind, ...rest, txPowerDbm: Number(txPower) - 41 };
}

describe.skipIf(!hasVectors)("published adverts (skipped where ../shared/vectors is absent)", () => {
  it.each(vectors.map((vector, index) => [vector.kind, index, vector] as const))(
    "reads %s (%i)",
    (_kind, _i, vector) => {
      const manufacturer = vector.manufacturerDataHex;
      const advert = manufacturer === undefined ? bytes(vector.rawAdvHex ?? "") : structure(0xff, bytes(manufacturer));
      const frame = readFrame(advert);
      const wanted = expected(vector);
      if (wanted) expect(frame).toMatchObject(wanted);
      else expect(frame).toBeUndefined();
    },
  );

  it("recognises exposure notifications, and keeps nothing of them", () => {
    expect(exposures.length).toBeGreaterThan(0);
    for (const { rpi, aem } of exposures) {
      expect(frameOf(`02011a03036ffd17166ffd${rpi}${aem}`)).toEqual({ type: "exposure-notification" });
    }
  });
});

describe("an advert", () => {
  it("is read as AltBeacon (android-beacon-library, AltBeaconParserTest)", () => {
    expect(frameOf("02011a1bff1801beac2f234454cf6d4a0fadf2f4911ba9ffa600010002c50900")).toEqual({
      type: "altbeacon",
      companyId: 0x0118,
      id1: "2f234454-cf6d-4a0f-adf2-f4911ba9ffa6",
      id2: 1,
      id3: 2,
      txPowerDbm: -59,
      reserved: 9,
    });
  });

  it("is read as iBeacon, whose claim of +26 dBm at one metre is not believed (theengs/decoder)", () => {
    expect(frameOf("1aff4c000215fda50693a4e24fb1afcfc6eb07647825000100021a")).toEqual({
      type: "ibeacon",
      uuid: "fda50693-a4e2-4fb1-afcf-c6eb07647825",
      major: 1,
      minor: 2,
    });
    expect(frameOf("1aff4c000215fda50693a4e24fb1afcfc6eb0764782500010002c5")).toMatchObject({ txPowerDbm: -59 });
  });

  it("is read as Eddystone-URL, its power carried from the beacon to one metre (android-beacon-library)", () => {
    const advert = "0201060303aafe0d16aafe10e702676f6f676c65000c09526164426561636f6e2047";
    expect(frameOf(advert)).toEqual({ type: "eddystone-url", url: "http://google.com/", txPowerDbm: -66 });
  });

  it("is read as Eddystone-TLM, with what the beacon does not measure left out", () => {
    expect(frameOf("0303aafe1116aafe20000bb8198000000001000000ff")).toEqual({
      type: "eddystone-tlm",
      batteryMv: 3_000,
      temperatureC: 25.5,
    });
    expect(frameOf("1116aafe20000000800000000001000000ff")).toEqual({ type: "eddystone-tlm" });
  });

  it("is recognised as encrypted telemetry", () => {
    expect(frameOf(`1516aafe2001${"ab".repeat(16)}`)).toEqual({ type: "eddystone-etlm" });
  });

  it("is no beacon when its URL has a byte that the encoding reserves, or is too long", () => {
    expect(frameOf("0816aafe10e7026120")).toBeUndefined();
    expect(frameOf("0816aafe10e704616100")).toBeUndefined();
    expect(frameOf(`1716aafe10e702${"61".repeat(17)}`)).toMatchObject({ type: "eddystone-url" });
    expect(frameOf(`1816aafe10e702${"61".repeat(18)}`)).toBeUndefined();
  });

  it("is a beacon though a frame of a phone stands before it", () => {
    expect(frameOf("03036ffd0aff4c0010055b1c2068dd0d16aafe10e702676f6f676c6500")).toMatchObject({
      type: "eddystone-url",
    });
  });

  it("ends where a structure has no length or runs over", () => {
    expect(readStructures(bytes("0201060003ff1234"))).toEqual([{ type: 1, bytes: bytes("06") }]);
    expect(readStructures(bytes("02010605ff1234"))).toEqual([{ type: 1, bytes: bytes("06") }]);
    expect(readStructures(bytes("01"))).toEqual([]);
  });
});

const uint16 = fc.integer({ min: 0, max: 0xffff });
const hexOf = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((each) => Buffer.from(each).toString("hex"));
const txPower = fc.integer({ min: -127, max: -1 });

describe("any advert", () => {
  it("comes back as it was written: iBeacon", () => {
    fc.assert(
      fc.property(fc.uuid(), uint16, uint16, txPower, (uuid, major, minor, tx) => {
        expect(readFrame(writeAdvert({ type: "ibeacon", uuid, major, minor, tx }))).toEqual({
          type: "ibeacon",
          uuid,
          major,
          minor,
          txPowerDbm: tx,
        });
      }),
    );
  });

  it("comes back as it was written: AltBeacon", () => {
    fc.assert(
      fc.property(uint16, fc.uuid(), uint16, uint16, txPower, (companyId, id1, id2, id3, tx) => {
        const frame = readFrame(writeAdvert({ type: "altbeacon", companyId, id1, id2, id3, tx }));
        expect(frame).toEqual({ type: "altbeacon", companyId, id1, id2, id3, txPowerDbm: tx, reserved: 0 });
      }),
    );
  });

  it("comes back as it was written: Eddystone", () => {
    fc.assert(
      fc.property(hexOf(10), hexOf(6), hexOf(8), fc.integer({ min: -86, max: 20 }), (namespace, instance, eid, tx) => {
        const uid = readFrame(writeAdvert({ type: "eddystone-uid", namespace, instance, tx }));
        expect(uid).toEqual({ type: "eddystone-uid", namespace, instance, txPowerDbm: tx - 41 });
        expect(readFrame(writeAdvert({ type: "eddystone-eid", eid, tx }))).toEqual({
          type: "eddystone-eid",
          eid,
          txPowerDbm: tx - 41,
        });
      }),
    );
  });

  it("is read without throwing, garbage or not, and every structure lies within it", () => {
    const garbage = fc.uint8Array({ maxLength: 300 });
    const nearly = fc
      .tuple(
        fc.constantFrom(0xff, 0x16, 0x03),
        fc.constantFrom("4c000215", "aafe00", "aafe10", "aafe20", "aafe30", "1801beac", "6ffd"),
        fc.uint8Array({ maxLength: 30 }),
      )
      .map(([type, head, tail]) => structure(type, Buffer.concat([bytes(head), tail])));
    fc.assert(
      fc.property(fc.oneof(garbage, nearly), fc.nat({ max: 300 }), (advert, cut) => {
        const part = advert.subarray(0, cut);
        readFrame(part);
        const held = readStructures(part).reduce((sum, each) => sum + each.bytes.length + 2, 0);
        expect(held).toBeLessThanOrEqual(part.length);
      }),
      { numRuns: 2_000 },
    );
  });
});
