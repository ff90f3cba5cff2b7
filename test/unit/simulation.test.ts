import { describe, expect, it } from "vitest";
import { isSimulateRequest, type SimulateReport, type SimulateRequest } from "../../agent/core/simulate.ts";
import { Simulation } from "../../agent/simulation.ts";
import { loadConfig } from "../../config/load-config.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { PipelineUnderTest } from "../support/pipeline.ts";
import { TempFolder } from "../support/temp-folder.ts";
import { until } from "../support/until.ts";

const file = `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: data }
lanes:
  - { id: "03", devices: [{ id: till-3, type: printer-tcp, listen: "127.0.0.1:9100" }] }
  - id: "05"
    devices:
      - { id: till-5, type: printer-tcp, listen: "127.0.0.1:9101" }
      - { id: till-5-nfc, type: nfc, reader: ACS }
      - { id: till-5-scanner, type: hid, vendorId: "0c2e" }
zones: [{ id: entrance, devices: [{ id: radio-1, type: ble }] }]
beacons: [{ id: cart, type: eddystone-url, url: "https://a.b" }]
uplink: { url: "mqtt://127.0.0.1:1883" }
codes: { members: [{ programme: club, prefix: "28", minLength: 13, maxLength: 13 }] }
`;

function config() {
  const loaded = loadConfig(file, { env: {}, readSecretFile: () => "", base: "/" });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.config;
}

async function play(pipeline: PipelineUnderTest, request: SimulateRequest): Promise<SimulateReport> {
  const clock = new ManualClock();
  const { ledger } = pipeline;
  const simulation = new Simulation({ config: config(), clock, ledger, offer: (one) => pipeline.offer(one) });
  const playing = simulation.run(request, new AbortController().signal);
  // Until it waits for the link of what it played, or has refused.
  const refused = playing.catch(() => undefined);
  await Promise.race([refused, until(() => clock.sleeping === 1)]);
  await clock.advance(100);
  return await playing;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe("playing into the pipeline", () => {
  it("takes each kind to the first lane that has such a device, and marks all that comes of it", async () => {
    using folder = new TempFolder();
    await using pipeline = await PipelineUnderTest.start(folder);
    expect(await play(pipeline, { kind: "nfc", uid: "04a1b2c3d4e5f6" })).toMatchObject({
      place: "05",
      outcome: { status: "recorded" },
      entries: [{ kind: "touch" }],
    });
    expect(await play(pipeline, { kind: "scan", code: "2812345678901" })).toMatchObject({
      codeKind: "member",
      entries: [{ kind: "touch" }],
    });
    expect(await play(pipeline, { kind: "scan", code: "283971647685282846" })).toMatchObject({
      codeKind: "payment",
      entries: [{ kind: "scan" }],
    });
    expect(await play(pipeline, { kind: "receipt", bytes: base64("sale 1|") })).toMatchObject({
      place: "03",
      entries: [{ kind: "transaction" }],
    });
    expect(await play(pipeline, { kind: "receipt", laneId: "05", bytes: base64("sale 2|") })).toMatchObject({
      place: "05",
      entries: [{ kind: "transaction" }, { kind: "link" }],
    });
    const all = pipeline.ledger.latest(["transaction", "touch", "scan", "link"], 100);
    expect(all.every(({ data }) => "isTest" in data && data.isTest)).toBe(true);
  });

  it("plays a receipt of the virtual store where none is given", async () => {
    using folder = new TempFolder();
    await using pipeline = await PipelineUnderTest.start(folder);
    await play(pipeline, { kind: "receipt" });
    expect(pipeline.slips()[0]?.[1]).toContain("0117");
  });

  it("takes a code as long as any symbol holds, and refuses a longer one before it is told apart", async () => {
    using folder = new TempFolder();
    await using pipeline = await PipelineUnderTest.start(folder);
    const scan = (length: number) => play(pipeline, { kind: "scan", code: "x".repeat(length) });
    expect(await scan(8192)).toMatchObject({ codeKind: "other", outcome: { status: "recorded" } });
    await expect(scan(8193)).rejects.toMatchObject({ code: "SIMULATE_INVALID" });
  });

  // They come from outside, as JSON.
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["SIMULATE_NO_DEVICE", { kind: "nfc", laneId: "03" }],
    ["SIMULATE_NO_DEVICE", { kind: "scan", laneId: "99", code: "1" }],
    ["SIMULATE_NO_DEVICE", { kind: "ble", beaconId: "no such" }],
    ["SIMULATE_INVALID", { kind: "nfc", uid: "xyz" }],
    ["SIMULATE_INVALID", { kind: "receipt", bytes: "" }],
    ["SIMULATE_INVALID", { kind: "scan" }],
    ["SIMULATE_INVALID", { kind: "scan", code: 5 }],
    ["SIMULATE_INVALID", { kind: "scan", code: null }],
    ["SIMULATE_INVALID", { kind: "nfc", uid: 5 }],
    ["SIMULATE_INVALID", { kind: "nfc", laneId: {} }],
    ["SIMULATE_INVALID", { kind: "receipt", bytes: [1, 2] }],
    ["SIMULATE_INVALID", { kind: "ble", seconds: "5" }],
  ])("refuses with %s what it cannot play: %o", async (code, request) => {
    using folder = new TempFolder();
    await using pipeline = await PipelineUnderTest.start(folder);
    if (!isSimulateRequest(request)) throw new Error("the control socket lets no such request through");
    await expect(play(pipeline, request)).rejects.toMatchObject({ code });
    expect(pipeline.kinds()).toEqual([]);
  });
});
