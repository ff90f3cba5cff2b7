import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SightingThinner } from "../../../../drivers/ble/sighting-thinner.ts";

const beacon = (name: string) => ({ beaconId: "door", identifier: name, txPowerDbm: -59 });

describe("a sighting thinner", () => {
  it("makes one summary a beacon, with the median power and the number of adverts, and begins anew", () => {
    const thinner = new SightingThinner();
    for (const rssi of [-90, -60, -61, -20, -62]) thinner.add(beacon("a"), rssi);
    thinner.add(beacon("b"), -70);
    expect(thinner.take()).toEqual([
      { ...beacon("a"), rssiDbm: -61, adverts: 5 },
      { ...beacon("b"), rssiDbm: -70, adverts: 1 },
    ]);
    expect(thinner.take()).toEqual([]);
  });

  it.each([127, 21, -128, Number.NaN])("leaves out the power %d, which no controller measured", (rssi) => {
    const thinner = new SightingThinner();
    thinner.add(beacon("a"), rssi);
    expect(thinner.take()).toEqual([]);
    expect(thinner.leftOut).toBe(1);
  });

  it("tells only so many beacons apart, and counts what comes of the rest", () => {
    const thinner = new SightingThinner(3);
    for (let index = 0; index < 10; index++) thinner.add(beacon(`${index % 5}`), -60);
    expect(thinner.take().map(({ identifier, adverts }) => [identifier, adverts])).toEqual([
      ["0", 2],
      ["1", 2],
      ["2", 2],
    ]);
    expect(thinner.leftOut).toBe(4);
    thinner.add(beacon("4"), -60);
    expect(thinner.take()).toHaveLength(1);
  });

  it("finds the median of any powers", () => {
    const power = fc.integer({ min: -127, max: 20 });
    fc.assert(
      fc.property(fc.array(power, { minLength: 1, maxLength: 50 }), (powers) => {
        const thinner = new SightingThinner();
        for (const rssi of powers) thinner.add(beacon("a"), rssi);
        const sorted = powers.toSorted((a, b) => a - b);
        const rssiDbm = sorted[Math.ceil(powers.length / 2) - 1];
        expect(thinner.take()).toEqual([{ ...beacon("a"), rssiDbm, adverts: powers.length }]);
      }),
    );
  });
});
