import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  advertisingReport,
  asCommand,
  commandComplete,
  commandPacket,
  H4Reader,
} from "../../../../drivers/ble/virtual/h4.ts";
import { LeController } from "../../../../drivers/ble/virtual/le-controller.ts";
import { VirtualAir } from "../../../../drivers/ble/virtual/virtual-air.ts";

const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString("hex");

describe("H4 packets", () => {
  it("are laid out as the Core Specification says", () => {
    expect(hex(commandPacket({ opcode: 0x0c03, parameters: new Uint8Array() }))).toBe("01030c00");
    expect(hex(commandComplete(0x2002, 0, [0xfb, 0x00, 0x08]))).toBe("040e0701022000fb0008");
    const report = { address: "c1:02:03:04:05:06", isRandomAddress: true, bytes: Uint8Array.of(2, 1, 6), rssiDbm: -60 };
    expect(hex(advertisingReport(report))).toBe("043e0f020103010605040302c103020106c4");
  });

  it("come out as they went in, whatever the chunks", () => {
    const command = fc.record({
      opcode: fc.integer({ min: 0, max: 0xffff }),
      parameters: fc.uint8Array({ maxLength: 255 }),
    });
    fc.assert(
      fc.property(
        fc.array(command, { maxLength: 10 }),
        fc.array(fc.nat({ max: 40 }), { maxLength: 200 }),
        (commands, cuts) => {
          const stream = Buffer.concat(commands.map(commandPacket));
          const reader = new H4Reader();
          const packets: Uint8Array[] = [];
          let at = 0;
          for (const cut of [...cuts, stream.length]) {
            packets.push(...reader.feed(stream.subarray(at, at + cut)));
            at += cut;
          }
          expect(packets.map((packet) => asCommand(packet))).toEqual(commands);
        },
      ),
    );
  });

  it("are found again after garbage, and garbage never throws", () => {
    const reset = commandPacket({ opcode: 0x0c03, parameters: new Uint8Array() });
    expect(new H4Reader().feed(Buffer.concat([Uint8Array.of(0, 7, 9), reset])).map(hex)).toEqual(["01030c00"]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        const held = new H4Reader().feed(bytes).reduce((sum, packet) => sum + packet.length, 0);
        expect(held).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

describe("the emulated LE controller", () => {
  const ask = (controller: LeController, opcode: number, ...parameters: number[]) =>
    hex(controller.answer(commandPacket({ opcode, parameters: Uint8Array.from(parameters) })));

  it("scans while its host has the scan enabled, and no longer after a reset", () => {
    const controller = new LeController();
    expect(controller.isScanning).toBe(false);
    expect(ask(controller, 0x200c, 1, 0)).toBe("040e04010c2000");
    expect(controller.isScanning).toBe(true);
    expect(ask(controller, 0x0c03)).toBe("040e0401030c00");
    expect(controller.isScanning).toBe(false);
  });

  it("refuses a command that it does not know, and says nothing to what is none", () => {
    const controller = new LeController();
    expect(ask(controller, 0x200d)).toBe("040e04010d2001");
    expect(controller.answer(Uint8Array.of(0x04, 0x0e, 0))).toBeUndefined();
  });
});

describe("the virtual air", () => {
  const bytes = Uint8Array.of(2, 1, 6);

  it("brings each transmitter at its pace", () => {
    const each = { isRandomAddress: true, bytes, rssiDbm: -60 };
    const air = new VirtualAir([
      { ...each, address: "c0:00:00:00:00:01", everyMs: 100 },
      { ...each, address: "c0:00:00:00:00:02", everyMs: 1_000 },
    ]);
    const heard: string[] = [];
    for (let nowMs = 5_000; nowMs < 15_000; nowMs += 10)
      heard.push(...air.due(nowMs).map(({ address }) => address.slice(-1)));
    expect(Math.abs(heard.filter((each) => each === "1").length - 100)).toBeLessThanOrEqual(1);
    expect(Math.abs(heard.filter((each) => each === "2").length - 10)).toBeLessThanOrEqual(1);
  });

  it("lets a transmitter come nearer and go away", () => {
    const each = { address: "c0:00:00:00:00:01", isRandomAddress: true, bytes, everyMs: 100 };
    const air = new VirtualAir([{ ...each, rssiDbm: -90 }]);
    const powers = (nowMs: number) => air.due(nowMs).map(({ rssiDbm }) => rssiDbm);
    expect(powers(0)).toEqual([-90]);
    air.place({ ...each, rssiDbm: -50 });
    expect(powers(50)).toEqual([]);
    expect(powers(100)).toEqual([-50]);
    air.place({ ...each, address: "c0:00:00:00:00:02", rssiDbm: -70 });
    expect(powers(200)).toEqual([-50, -70]);
    air.remove(each.address);
    expect(powers(300)).toEqual([-70]);
  });

  it("brings a crowd at its rate, each address in turn, and no flood after a pause", () => {
    const air = new VirtualAir([], { advertsPerSecond: 1_000, addresses: 300, bytes, rssiDbm: -80 });
    const heard: string[] = [];
    for (let nowMs = 0; nowMs <= 1_000; nowMs += 10) heard.push(...air.due(nowMs).map(({ address }) => address));
    expect(heard).toHaveLength(1_000);
    expect(new Set(heard).size).toBe(300);
    expect(air.due(3_600_000)).toHaveLength(2_000);
    expect(air.due(3_600_010)).toHaveLength(10);
  });
});
