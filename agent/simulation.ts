import { randomBytes, randomUUID } from "node:crypto";
import { carriesPrint, type Config } from "../config/config.ts";
import { classify } from "../drivers/hid/codes/classify.ts";
import { printCnReceipt } from "../drivers/virtual/cn-receipt.ts";
import { makeSlip } from "../drivers/virtual/make-slip.ts";
import { SeededRandom } from "../drivers/virtual/random.ts";
import { printUsReceipt } from "../drivers/virtual/us-receipt.ts";
import { isPlayed, type EntryKind } from "./core/entry.ts";
import { StoreloopError } from "./core/errors.ts";
import { asDeviceId, asLaneId, asTestStreamId, asZoneId, type Seq } from "./core/ids.ts";
import type { Ledger } from "./core/ledger.ts";
import type { Observation, Offer, Outcome, PrintEnd } from "./core/observation.ts";
import type { SimulatedEntry, SimulateReport, SimulateRequest } from "./core/simulate.ts";
import type { Clock } from "./core/time.ts";
import { checkSimulateRequest } from "./simulate-request.ts";

/** What a simulation plays into. */
export interface SimulationParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly offer: Offer;
}

const mostReceiptBytes = 4_194_304;
const mostSeconds = 600;

/** What can come of something played, in one list: every kind but the start of the agent. */
const playedKinds: readonly EntryKind[] = [
  "transaction",
  "transaction.repeat",
  "touch",
  "scan",
  "visit.started",
  "visit.ended",
  "link",
];

/** More than anything played makes at once. */
const mostEntries = 200;

/** Between a touch that is durable and its link. */
const linkTakesMs = 100;

type Of<K extends SimulateRequest["kind"]> = Extract<SimulateRequest, { kind: K }>;

/** What was played, before anybody looks at the ledger. */
type Played = Pick<SimulateReport, "outcome" | "place" | "codeKind">;

/**
 * Plays what a person asks for into the pipeline, where a driver would hand it in, marked as a test: it takes the way that the real thing
 * takes from there on, and is counted and linked with nothing real.
 */
export class Simulation {
  readonly #parts: SimulationParts;

  constructor(parts: SimulationParts) {
    this.#parts = parts;
  }

  /** Rejects with `SIMULATE_NO_DEVICE` or `SIMULATE_INVALID`. */
  async run(request: SimulateRequest, signal: AbortSignal): Promise<SimulateReport> {
    checkSimulateRequest(request);
    const { ledger, clock } = this.#parts;
    const before = ledger.head().seq;
    const played = await this.#play(request, signal);
    await clock.sleep(linkTakesMs, signal);
    return { ...played, entries: this.#entriesAfter(before) };
  }

  #play(request: SimulateRequest, signal: AbortSignal): Promise<Played> {
    switch (request.kind) {
      case "nfc":
        return this.#nfc(request);
      case "scan":
        return this.#scan(request);
      case "receipt":
        return this.#receipt(request);
      case "ble":
        return this.#ble(request, signal);
    }
  }

  async #nfc({ laneId, uid = randomUid(), uri }: Of<"nfc">): Promise<Played> {
    if (!/^([0-9A-Fa-f]{8}|[0-9A-Fa-f]{14}|[0-9A-Fa-f]{20})$/.test(uid))
      throw new StoreloopError("SIMULATE_INVALID", { "zh-CN": "这不是卡片的 UID", en: "this is no UID of a card" });
    const seen = this.#at("nfc", laneId);
    const ndef = uri === undefined ? [] : [{ type: "uri" as const, uri }];
    const tap = { readingId: randomUUID(), uid: uid.toUpperCase(), technology: "ntag213", ndef };
    return { place: seen.laneId, outcome: await this.#offer({ kind: "nfc-tap", ...seen, ...tap }) };
  }

  async #scan({ laneId, code }: Of<"scan">): Promise<Played> {
    const seen = this.#at("hid", laneId);
    const classified = classify({ text: code }, this.#parts.config.codes);
    const scan = { readingId: randomUUID(), via: "hid-pos" as const, code: classified };
    return {
      place: seen.laneId,
      codeKind: classified.kind,
      outcome: await this.#offer({ kind: "scan", ...seen, ...scan }),
    };
  }

  async #receipt({ laneId, bytes }: Of<"receipt">): Promise<Played> {
    const seen = this.#at("print", laneId);
    const printed = bytes === undefined ? this.#virtualReceipt(seen.laneId) : Buffer.from(bytes, "base64");
    if (printed.length === 0 || printed.length > mostReceiptBytes)
      throw new StoreloopError("SIMULATE_INVALID", {
        "zh-CN": `${printed.length} 字节不是一张小票`,
        en: `${printed.length} bytes are no receipt`,
      });
    const streamId = asTestStreamId(randomUUID());
    const end: PrintEnd = { kind: "print-end", ...seen, streamId, reason: "closed" };
    const kept = await this.#offer({ kind: "print-bytes", ...seen, streamId, offset: 0, bytes: printed });
    if (kept.status !== "recorded") return { place: seen.laneId, outcome: kept };
    return { place: seen.laneId, outcome: await this.#offer(end) };
  }

  async #ble({ zoneId, beaconId, rssiDbm = -55, seconds = 5 }: Of<"ble">, signal: AbortSignal): Promise<Played> {
    const { config, clock } = this.#parts;
    const zone = config.zones.find(({ id }) => zoneId === undefined || id === zoneId);
    const beacon = config.beacons.find(({ id }) => beaconId === undefined || id === beaconId);
    const radio = zone?.devices[0];
    if (zone === undefined || radio === undefined || beacon === undefined)
      throw new StoreloopError("SIMULATE_NO_DEVICE", {
        "zh-CN": "没有这个区域或信标",
        en: "no such zone, or no such beacon",
      });
    const seen = { deviceId: asDeviceId(radio.id), zoneId: asZoneId(zone.id), beaconId: beacon.id, rssiDbm };
    const identifier = `test:${beacon.id}`;
    let outcome: Outcome = { status: "shed" };
    for (let second = 0; second <= Math.min(seconds, mostSeconds); second += 1) {
      if (second > 0) await clock.sleep(1000, signal);
      outcome = await this.#offer({ kind: "ble-sighting", ...seen, at: clock.now(), identifier, adverts: 5 });
    }
    return { place: zone.id, outcome };
  }

  #offer(observation: Observation): Promise<Outcome> {
    return this.#parts.offer({ ...observation, isTest: true });
  }

  /** The first device of a kind, on the lane that is named. */
  #at(kind: "nfc" | "hid" | "print", laneId: string | undefined) {
    const { config, clock } = this.#parts;
    for (const lane of config.lanes.filter(({ id }) => laneId === undefined || id === laneId)) {
      const device = lane.devices.find((one) => (kind === "print" ? carriesPrint(one) : one.type === kind));
      if (device !== undefined) return { deviceId: asDeviceId(device.id), laneId: asLaneId(lane.id), at: clock.now() };
    }
    throw new StoreloopError("SIMULATE_NO_DEVICE", {
      "zh-CN": `${laneId === undefined ? "没有任何收银台" : `收银台 ${laneId} 没有`}配置此类设备`,
      en: `no device of this kind on ${laneId ?? "any lane"}`,
    });
  }

  #virtualReceipt(workstationId: string): Uint8Array {
    const { store } = this.#parts.config;
    const layout = store.currencyCode === "USD" ? "us" : "cn";
    const { wallMs } = this.#parts.clock.now();
    const at = localDateTime(wallMs, store.timeZone);
    const receiptNo = String(wallMs % 10_000_000).padStart(7, "0");
    const order = { layout, kind: "sale", retailStoreId: store.retailStoreId, workstationId, receiptNo, at } as const;
    const slip = makeSlip({ ...order, member: false }, new SeededRandom(wallMs));
    return layout === "us" ? printUsReceipt(slip) : printCnReceipt(slip);
  }

  #entriesAfter(before: Seq): readonly SimulatedEntry[] {
    return this.#parts.ledger
      .latest(playedKinds, mostEntries, { after: before })
      .filter(isPlayed)
      .map(({ seq, kind }) => ({ seq, kind }))
      .toReversed();
  }
}

/** A seven-byte UID of NXP's range that no real card is known to have. */
function randomUid(): string {
  return `04${randomBytes(6).toString("hex").toUpperCase()}`;
}

/** `YYYY-MM-DDThh:mm:ss` in a time zone. */
function localDateTime(wallMs: number, timeZone: string): string {
  return new Date(wallMs).toLocaleString("sv-SE", { timeZone }).replace(" ", "T");
}
