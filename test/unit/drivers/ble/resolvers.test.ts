import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHex } from "../../../../drivers/ble/advert-fields.ts";
import { EidResolver } from "../../../../drivers/ble/eid-resolver.ts";
import { ephemeralId, temporaryKey } from "../../../../drivers/ble/eid.ts";
import { PrivateAddressResolver } from "../../../../drivers/ble/private-address.ts";

interface EidVector {
  readonly identityKey?: string;
  readonly temporaryKey: string;
  readonly rotationExponent: number;
  readonly beaconTimeSeconds: number;
  readonly eid: string;
}

interface RpaVector {
  readonly irk: string;
  readonly address: string;
  readonly resolves: boolean;
}

const file = (name: string) => new URL(`../../../../../shared/vectors/${name}.json`, import.meta.url);
const hasVectors = existsSync(file("eddystone-eid")) && existsSync(file("rpa"));
const read = (name: string): unknown => JSON.parse(readFileSync(file(name), "utf8"));
const eids = hasVectors ? (read("eddystone-eid") as { eid: EidVector[] }).eid : [];
const addresses = hasVectors ? (read("rpa") as { vectors: RpaVector[] }).vectors : [];

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const resolverOf = (irkHex: string) => new PrivateAddressResolver([{ beaconId: "phone", irkHex }]);

describe.skipIf(!hasVectors)("published identifiers (skipped where ../shared/vectors is absent)", () => {
  it.each(eids.map((vector) => [vector.eid, vector] as const))(
    "computes the ephemeral identifier %s",
    (eid, vector) => {
      const { identityKey, rotationExponent, beaconTimeSeconds } = vector;
      const key =
        identityKey === undefined
          ? parseHex(vector.temporaryKey, 16)
          : temporaryKey(parseHex(identityKey, 16), beaconTimeSeconds);
      expect(hex(key)).toBe(vector.temporaryKey);
      expect(ephemeralId(key, rotationExponent, beaconTimeSeconds)).toBe(eid);
    },
  );

  it.each(addresses.map((vector) => [vector.address, vector] as const))(
    "resolves the address %s or does not",
    (address, vector) => {
      expect(resolverOf(vector.irk).resolve(address)).toBe(vector.resolves ? "phone" : undefined);
    },
  );
});

/** RadiusNetworks/ephemeral_calc, spec/encryptor_spec.rb. */
const beacon = {
  beaconId: "door",
  identityKeyHex: "0102030405060708090a111213141516",
  rotationExponent: 10,
  beaconTimeSeconds: 2_000,
  asOfMs: Date.parse("2026-03-14T08:00:00Z"),
};

describe("an ephemeral identifier", () => {
  it("is known while its beacon sends it, and a drift before and after", () => {
    const resolver = new EidResolver([{ ...beacon, driftSeconds: 100 }]);
    // The quantum of second 2000 begins at 1024 and ends at 2048.
    const at = (beaconSeconds: number) =>
      resolver.resolve("4144413e45fefa58", beacon.asOfMs + (beaconSeconds - 2_000) * 1_000);
    expect(at(2_000)).toBe("door");
    expect(at(2_100)).toBe("door");
    expect(at(1_000)).toBe("door");
    expect(at(4_000)).toBeUndefined();
    expect(at(2_000)).toBe("door");
  });

  it("is found wherever the clock jumps within the drift, and few are kept ready", () => {
    const key = parseHex(beacon.identityKeyHex, 16);
    const jump = fc.record({
      rotationExponent: fc.integer({ min: 0, max: 15 }),
      seconds: fc.array(fc.integer({ min: 0, max: 2 ** 31 }), { minLength: 1, maxLength: 4 }),
      driftSeconds: fc.integer({ min: 0, max: 10_000 }),
      driftPart: fc.double({ min: -1, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(jump, ({ rotationExponent, seconds, driftSeconds, driftPart }) => {
        const resolver = new EidResolver([{ ...beacon, rotationExponent, driftSeconds }]);
        for (const second of seconds) {
          const kept = Math.min(driftSeconds, 2 ** rotationExponent * 255);
          const sent = Math.max(0, Math.trunc(second + kept * driftPart));
          const eid = ephemeralId(
            temporaryKey(key, Math.floor(sent / 2 ** rotationExponent) * 2 ** rotationExponent),
            rotationExponent,
            sent,
          );
          expect(resolver.resolve(eid, beacon.asOfMs + (second - beacon.beaconTimeSeconds) * 1_000)).toBe("door");
          expect(resolver.size).toBeLessThanOrEqual(512);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("of a key or an exponent that cannot be is refused", () => {
    expect(() => new EidResolver([{ ...beacon, identityKeyHex: "01" }])).toThrow(RangeError);
    expect(() => new EidResolver([{ ...beacon, rotationExponent: 16 }])).toThrow(RangeError);
  });
});

describe("a private address", () => {
  it("is resolved (Core Specification, Vol 3, Part H, sample data of ah)", () => {
    const resolver = resolverOf("ec0234a357c8ad05341010a60a397d9b");
    expect(resolver.resolve("70:81:94:0d:fb:aa")).toBe("phone");
    expect(resolver.resolve("70:81:94:0d:fb:ab")).toBeUndefined();
  });

  it("is remembered with its answer, and no more than 4096 are", () => {
    const resolver = resolverOf("ec0234a357c8ad05341010a60a397d9b");
    for (let index = 0; index < 5_000; index++) {
      resolver.resolve(`40:00:00:00:${hex(Uint8Array.of(index >> 8))}:${hex(Uint8Array.of(index & 0xff))}`);
    }
    expect(resolver.size).toBe(4_096);
    for (let again = 0; again < 2; again++) expect(resolver.resolve("70:81:94:0d:fb:aa")).toBe("phone");
  });

  it("costs nothing when no key is known, and whatever the text never throws", () => {
    const resolver = new PrivateAddressResolver([]);
    expect(resolver.resolve("70:81:94:0d:fb:aa")).toBeUndefined();
    expect(resolver.size).toBe(0);
    fc.assert(fc.property(fc.string(), (text) => resolverOf("00".repeat(16)).resolve(text) === undefined));
  });
});
