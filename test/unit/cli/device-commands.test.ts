import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCli } from "../../../agent/cli/run-cli.ts";
import { openControl } from "../../../agent/control/control-server.ts";
import { StoreloopError } from "../../../agent/core/errors.ts";
import { asDeviceId, asEntryId, asLaneId, asSeq } from "../../../agent/core/ids.ts";
import type { SimulateRequest } from "../../../agent/core/simulate.ts";
import { CapturedTerminal } from "../../support/captured-terminal.ts";
import { MachineTree } from "../../support/machine-tree.ts";
import { writePlainStore } from "../../support/plain-store.ts";
import { ScriptedOperations } from "../../support/scripted-operations.ts";
import { ScriptedSource, scriptedAtMs, scriptedSnapshot } from "../../support/scripted-source.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { until } from "../../support/until.ts";

let folder: TempFolder;
let source: ScriptedSource;
let terminal: CapturedTerminal;
let configPath: string;

beforeEach(() => {
  folder = new TempFolder();
  source = new ScriptedSource();
  terminal = new CapturedTerminal();
  configPath = writePlainStore(folder);
});
afterEach(() => folder[Symbol.dispose]());

const cli = (...argv: string[]): Promise<number> =>
  runCli([...argv, "--config", configPath], new ScriptedOperations(), terminal);
const daemon = (): Promise<AsyncDisposable> => openControl(source, folder.file("data"));

/** The reader has read a card. */
function cardRead(): void {
  const [printer, reader] = source.current.devices;
  source.current = { ...source.current, devices: [printer!, { ...reader!, lastSeenAtMs: scriptedAtMs + 5000 }] };
  source.feed.publish({
    type: "recorded",
    kind: "touch",
    atMs: scriptedAtMs,
    seq: asSeq(121),
    entryId: "e" as never,
    laneId: asLaneId("05"),
    deviceId: asDeviceId("till-5-nfc"),
    technology: "ntag213",
    tier: "claimed",
  });
}

describe("storeloop devices", () => {
  it("lists each device with what it last saw and what went wrong", async () => {
    await using _daemon = await daemon();
    expect(await cli("devices")).toBe(0);
    expect(terminal.text).toMatchInlineSnapshot(`
      "  Device          Lane or zone  Type         State  Last seen  Faults
      ✓ till-5-printer  05            printer-tcp  up     42 s ago   0
      ✓ till-5-nfc      05            nfc          up     -          2
          last fault NFC_READER_GONE, 1 min 5 s ago"
    `);
  });

  it("says what to do about a device that is down, and exits 1", async () => {
    const [printer, reader] = scriptedSnapshot().devices;
    const health = { state: "down", sinceMs: scriptedAtMs, code: "NFC_PCSCD_HUNG", detail: "no answer" } as const;
    source.current = scriptedSnapshot({ devices: [printer!, { ...reader!, health }] });
    await using _daemon = await daemon();
    expect(await cli("devices", "--lang", "zh-CN")).toBe(1);
    expect(terminal.text).toMatchInlineSnapshot(`
      "  设备            收银台/区域  类型         状态           最近动作  断开次数
      ✓ till-5-printer  05           printer-tcp  正常           42 秒前   0
      ✗ till-5-nfc      05           nfc          断开,自动重试  -         2
          NFC_PCSCD_HUNG: no answer
          → 读卡服务 pcscd 没有响应:执行 systemctl restart pcscd;若再次发生,请重新插拔读卡器。"
    `);
  });

  it("says with --json the same as one object a line", async () => {
    await using _daemon = await daemon();
    expect(await cli("devices", "--json")).toBe(0);
    expect(terminal.lines.map((line) => JSON.parse(line) as unknown)).toEqual(source.current.devices);
  });

  it("prints what is plugged in as lines for the configuration, without a daemon", async () => {
    const found = new ScriptedOperations();
    found.root = folder.file("machine");
    // Usage page 8Ch, Bar Code Scanner, one empty collection (USB HID POS 1.02).
    const descriptor = Buffer.from("058c0902a101c0", "hex");
    const machine = new MachineTree(found.root);
    machine.hid("hidraw0", {
      ids: "0c2e:0b61",
      name: "Honeywell 1900",
      place: "usb-0000:00:14.0-2/input0",
      descriptor,
    });
    expect(await runCli(["devices", "found", "--config", configPath], found, terminal)).toBe(0);
    expect(terminal.text).toMatchInlineSnapshot(`
      "# scanner or stripe reader: Honeywell 1900
      - id: scanner-1
        type: hid
        vendorId: "0c2e"
        productId: "0b61"
      "
    `);
  });

  it("tells with test what a device saw, and which saw nothing", async () => {
    await using _daemon = await daemon();
    const testing = cli("devices", "test", "--seconds", "2");
    await until(() => terminal.clock.sleeping === 1);
    for (let look = 0; look < 7; look += 1) {
      await until(() => terminal.clock.sleeping === 1);
      await terminal.clock.advance(300);
    }
    await until(() => terminal.lines.some((line) => line.includes("hold a member card")));
    await until(() => terminal.clock.sleeping === 1);
    cardRead();
    await terminal.clock.advance(300);
    expect(await testing).toBe(1);
    expect(terminal.text).toMatchInlineSnapshot(`
      "… till-5-printer  print a receipt on the POS ...
      ✗ till-5-printer  nothing was seen
          → Check power, cable and the device's identifiers in the configuration, then run \`storeloop doctor\`.
      … till-5-nfc  hold a member card or a phone to the reader ...
      ✓ till-5-nfc  10:02:31  recorded      lane 05   touch  ntag213  claimed  #121"
    `);
  });

  it("is not taken in by what a person plays while a device is tested", async () => {
    await using _daemon = await daemon();
    const testing = cli("devices", "test", "till-5-nfc", "--seconds", "1");
    await until(() => terminal.clock.sleeping === 1 && source.feed.watching === 1);
    const place = { atMs: scriptedAtMs, laneId: asLaneId("05"), deviceId: asDeviceId("till-5-nfc") };
    source.feed.publish({ type: "seen", ...place, what: "nfc-tap", technology: "ntag213", isTest: true });
    const entry = { seq: asSeq(121), entryId: asEntryId("e"), technology: "ntag213", isTest: true } as const;
    source.feed.publish({ type: "recorded", kind: "touch", ...place, ...entry });
    for (let look = 0; look < 4; look += 1) {
      await until(() => terminal.clock.sleeping === 1);
      await terminal.clock.advance(300);
    }
    expect(await testing).toBe(1);
    expect(terminal.text).toContain("nothing was seen");
  });

  it.each(["devices test", "devices identify till-5-nfc", "doctor"])(
    "does not say that all is well when `%s` is ended before everything was seen: exit 130",
    async (words) => {
      await using _daemon = await daemon();
      const checking = cli(...words.split(" "));
      if (words !== "doctor") await until(() => terminal.clock.sleeping === 1);
      terminal.stop();
      expect(await checking).toBe(130);
      expect(terminal.text).not.toMatch(/✗|Nothing is wrong/);
      expect(terminal.errors).toEqual([]);
    },
  );

  it("says that there is nothing to test where no device is configured", async () => {
    source.current = scriptedSnapshot({ devices: [] });
    await using _daemon = await daemon();
    expect(await cli("devices", "test")).toBe(0);
    expect(terminal.lines).toEqual(["No devices are configured."]);
  });

  it("has a device blink with identify, and finds one that cannot the other way round", async () => {
    await using _daemon = await daemon();
    source.identified = () => Promise.resolve("shown");
    expect(await cli("devices", "identify", "till-5-nfc")).toBe(0);
    source.identified = () => Promise.resolve("cannot");
    const finding = cli("devices", "identify", "till-5-nfc");
    await until(() => terminal.clock.sleeping === 1);
    cardRead();
    await terminal.clock.advance(300);
    expect(await finding).toBe(0);
    expect(terminal.text).toMatchInlineSnapshot(`
      "✓ till-5-nfc  blinks or beeps now
      It has no light or sound to show, or is not there.
      … till-5-nfc  hold a member card or a phone to the reader ...
      ✓ till-5-nfc  10:02:31  recorded      lane 05   touch  ntag213  claimed  #121"
    `);
  });

  it("names the devices there are when it is asked for another", async () => {
    await using _daemon = await daemon();
    expect(await cli("devices", "identify", "till-9")).toBe(1);
    expect(terminal.errorText).toContain("there are: till-5-printer, till-5-nfc");
  });
});

describe("storeloop simulate", () => {
  const asked: SimulateRequest[] = [];
  beforeEach(() => {
    asked.length = 0;
    source.simulated = (request) => {
      asked.push(request);
      const entries = [
        { seq: asSeq(121), kind: "touch" },
        { seq: asSeq(122), kind: "link" },
      ] as const;
      return Promise.resolve({ outcome: { status: "recorded" }, place: "05", entries });
    };
  });

  it("plays each kind of thing as it was asked for", async () => {
    await using _daemon = await daemon();
    writeFileSync(folder.file("capture.bin"), "\x1b@receipt");
    expect(await cli("simulate", "nfc", "--lane", "05", "--uid", "04A1B2C3D4E5F6")).toBe(0);
    expect(await cli("simulate", "scan", "6901939621608")).toBe(0);
    expect(await cli("simulate", "receipt", folder.file("capture.bin"))).toBe(0);
    expect(await cli("simulate", "receipt", "--lane", "07")).toBe(0);
    expect(await cli("simulate", "ble", "--beacon", "cart", "--rssi", "-70", "--seconds", "9")).toBe(0);
    expect(asked).toEqual([
      { kind: "nfc", laneId: "05", uid: "04A1B2C3D4E5F6" },
      { kind: "scan", code: "6901939621608" },
      { kind: "receipt", bytes: Buffer.from("\x1b@receipt").toString("base64") },
      { kind: "receipt", laneId: "07" },
      { kind: "ble", beaconId: "cart", rssiDbm: -70, seconds: 9 },
    ]);
  });

  it("tells what came of it", async () => {
    await using _daemon = await daemon();
    await cli("simulate", "nfc");
    expect(terminal.text).toMatchInlineSnapshot(`
      "✓ played on 05, marked as a test and not counted
          #121  touch
          #122  link"
    `);
    terminal.lines.length = 0;
    source.simulated = () =>
      Promise.resolve({
        outcome: { status: "recorded" },
        place: "05",
        codeKind: "gtin",
        entries: [{ seq: asSeq(123), kind: "scan" }],
      });
    await cli("simulate", "scan", "6901939621608", "--lang", "zh-CN");
    expect(terminal.lines).toEqual(["✓ 已在 05 播放,标记为测试,不计入统计 (商品)", "    #123  扫码"]);
  });

  it("says what to do where the ledger refuses, as on a full disk", async () => {
    await using _daemon = await daemon();
    source.simulated = () =>
      Promise.resolve({ outcome: { status: "refused", code: "LEDGER_UNWRITABLE" }, place: "05", entries: [] });
    expect(await cli("simulate", "receipt")).toBe(1);
    expect(terminal.text).toMatch(/refused by the ledger\n {4}→ LEDGER_UNWRITABLE: Check free disk space/);
  });

  it("says what is missing when there is no such device", async () => {
    await using _daemon = await daemon();
    source.simulated = () => Promise.reject(new StoreloopError("SIMULATE_NO_DEVICE", "no device of this kind on 09"));
    expect(await cli("simulate", "nfc", "--lane", "09")).toBe(1);
    expect(terminal.errorText).toContain("SIMULATE_NO_DEVICE");
    expect(await cli("simulate", "ble", "--rssi", "5")).toBe(2);
  });
});
