import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asDeviceId, asLaneId } from "../../../../agent/core/ids.ts";
import type { HidDeviceConfig } from "../../../../drivers/hid/device-config.ts";
import { deviceOf, indistinct, matchDevices, type MatchableNode } from "../../../../drivers/hid/match-device.ts";
import { scannerNode } from "../../../support/scripted-hid.ts";

const node = (more: Partial<MatchableNode> = {}): MatchableNode => ({ ...scannerNode(), isReader: true, ...more });
const config = (more: Partial<HidDeviceConfig> = {}): HidDeviceConfig => ({
  deviceId: asDeviceId("scanner"),
  laneId: asLaneId("01"),
  ...more,
});
const paths = (
  nodes: readonly MatchableNode[],
  configs: readonly HidDeviceConfig[],
  held: (string | undefined)[] = [],
) => matchDevices(nodes, configs, held).map((given) => given.map(({ path }) => path));

describe("which configured device a plugged-in one is", () => {
  const first = node({ path: "/dev/hidraw0", serial: "A1", phys: "usb-0000:00:14.0-1/input0" });
  const second = node({ path: "/dev/hidraw1", serial: "B2", phys: "usb-0000:00:14.0-12/input0" });

  it("goes by serial number wherever it is plugged in", () => {
    expect(paths([first, second], [config({ serial: "B2" }), config({ serial: "A1" })])).toEqual([
      [second.path],
      [first.path],
    ]);
  });

  it("goes by socket, and not by the beginning of another", () => {
    expect(paths([second], [config({ path: "usb-0000:00:14.0-1" })])).toEqual([[]]);
    expect(paths([first, second], [config({ path: "usb-0000:00:14.0-12" })])).toEqual([[second.path]]);
    expect(paths([first, second], [config({ path: "/dev/hidraw0" })])).toEqual([[first.path]]);
  });

  it("prefers whoever asks for more that fits", () => {
    const vague = config({ vendorId: 0x1234 });
    expect(paths([first, second], [vague, config({ vendorId: 0x1234, serial: "A1" })])).toEqual([
      [second.path],
      [first.path],
    ]);
  });

  it("gives all interfaces of one device to one, and those of its twin to another", () => {
    const more = node({ ...first, path: "/dev/hidraw5", phys: "usb-0000:00:14.0-1/input1", isReader: false });
    const twins = [config({ vendorId: 0x1234 }), config({ vendorId: 0x1234 })];
    expect(paths([first, second, more], twins)).toEqual([[first.path, more.path], [second.path]]);
  });

  it("moves nothing that runs when another one is plugged in", () => {
    const twins = [config({ vendorId: 0x1234 }), config({ vendorId: 0x1234 })];
    expect(paths([first, second], twins, [deviceOf(second), undefined])).toEqual([[second.path], [first.path]]);
  });

  it("takes any scanner where nothing is asked for, but never a mere keyboard", () => {
    const keyboard = node({ path: "/dev/hidraw3", isReader: false, phys: "usb-0000:00:14.0-3/input0" });
    expect(paths([keyboard, first], [config()])).toEqual([[first.path]]);
    expect(paths([keyboard], [config({ vendorId: 0x1234 })])).toEqual([[keyboard.path]]);
  });

  it("names the devices that nothing tells apart", () => {
    expect(indistinct([config(), config({ serial: "A" }), config(), config({ serial: "A" })])).toEqual([2, 3]);
  });

  it("gives each node to at most one, and to one device's config only nodes of one device", () => {
    const nodes = fc.uniqueArray(
      fc.record({ at: fc.nat(9), serial: fc.constantFrom("", "A", "B"), socket: fc.nat(3), isReader: fc.boolean() }),
      { selector: ({ at }) => at },
    );
    const configs = fc.array(
      fc.record({ serial: fc.constantFrom("A", "B"), vendorId: fc.constantFrom(0x1234, 1) }, { requiredKeys: [] }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(nodes, configs, (all, asked) => {
        const plugged = all.map(({ at, serial, socket, isReader }) =>
          node({ path: `/dev/hidraw${at}`, serial, phys: `usb-${socket}/input${at}`, isReader }),
        );
        const given = matchDevices(plugged, asked.map(config), []);
        const flat = given.flat();
        expect(new Set(flat).size).toBe(flat.length);
        for (const nodesOfOne of given) expect(new Set(nodesOfOne.map(deviceOf)).size).toBeLessThanOrEqual(1);
      }),
    );
  });
});
