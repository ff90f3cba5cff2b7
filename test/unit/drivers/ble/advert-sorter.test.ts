import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AdvertSorter } from "../../../../drivers/ble/advert-sorter.ts";
import { BeaconCatalogue } from "../../../../drivers/ble/beacon-catalogue.ts";
import { writeAdvert, type VirtualBeacon } from "../../../../drivers/ble/virtual/advert-writer.ts";
import { ManualClock } from "../../../support/manual-clock.ts";

const uuid = "fda50693-a4e2-4fb1-afcf-c6eb07647825";
const namespace = "2f234454f4911ba9ffa6";
const address = "c0:00:00:00:00:01";
const beacons = [
  { beaconId: "door", match: { type: "ibeacon", uuid } },
  { beaconId: "shelf", match: { type: "eddystone-uid", namespace } },
  { beaconId: "trolley", match: { type: "irk", irkHex: "ec0234a357c8ad05341010a60a397d9b" } },
] as const;

const sorter = () => new AdvertSorter(new BeaconCatalogue(beacons), new ManualClock());
const heard = (beacon: VirtualBeacon, rssiDbm = -60) => ({
  address,
  isRandomAddress: true,
  bytes: writeAdvert(beacon),
  rssiDbm,
});

describe("an advert sorter", () => {
  it("keeps summaries of known beacons, and tells of the rest in numbers only", () => {
    const subject = sorter();
    subject.take(heard({ type: "ibeacon", uuid, major: 1, minor: 1, tx: -59 }));
    subject.take(heard({ type: "ibeacon", uuid, major: 1, minor: 1, tx: -59 }, 127));
    subject.take(heard({ type: "ibeacon", uuid: uuid.replace("f", "e"), major: 1, minor: 1, tx: -59 }));
    subject.take(heard({ type: "eddystone-uid", namespace, instance: "000000000001", tx: -20 }));
    subject.take(heard({ type: "eddystone-tlm", batteryMv: 2_400, temperatureC: 21 }));
    expect(subject.summaries().map(({ beaconId, adverts }) => [beaconId, adverts])).toEqual([
      ["door", 1],
      ["shelf", 1],
    ]);
    expect(subject.describe()).toBe(
      "5 adverts in the last minute, 3 of known beacons (2), 1 of these without use; weakest battery: shelf, 2400 mV",
    );
    expect(subject.describe()).toBeUndefined();
  });

  it("takes whatever is on the air without throwing", () => {
    const subject = sorter();
    const advert = fc.record({
      address: fc.oneof(fc.string(), fc.constant(address)),
      isRandomAddress: fc.boolean(),
      bytes: fc.uint8Array({ maxLength: 255 }),
      rssiDbm: fc.integer({ min: -300, max: 300 }),
    });
    fc.assert(
      fc.property(advert, (each) => subject.take(each)),
      { numRuns: 2_000 },
    );
    expect(subject.describe()).toContain("2000 adverts");
  });
});
