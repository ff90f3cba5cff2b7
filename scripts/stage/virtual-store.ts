import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Config } from "../../config/config.ts";
import { asLaneId, type LaneId } from "../../agent/core/ids.ts";
import type { Clock } from "../../agent/core/time.ts";
import { virtualReaders } from "../../drivers/nfc/pcscd.ts";
import { holdVirtualCard, type VirtualCard } from "../../drivers/nfc/virtual-card.ts";
import { VirtualNtag424 } from "../../drivers/nfc/virtual-cards/virtual-ntag424.ts";
import { VirtualTag } from "../../drivers/nfc/virtual-cards/virtual-tag.ts";
import { CardCounters } from "../../drivers/virtual/card-counters.ts";
import { demoLanes, planMorning, type Morning } from "../../drivers/virtual/morning.ts";
import {
  playMorning,
  type LaneEnds,
  type Played,
  type PlayerEvent,
  type Reader,
} from "../../drivers/virtual/player.ts";
import { PosCounters } from "../../drivers/virtual/pos-counters.ts";
import { SerialCable } from "../../drivers/virtual/serial-cable.ts";
import { SerialPos } from "../../drivers/virtual/serial-pos.ts";
import type { ShopperCard } from "../../drivers/virtual/shoppers.ts";
import { TcpPos } from "../../drivers/virtual/tcp-pos.ts";
import type { Entrance, VisitPlayed } from "../../drivers/virtual/visit-player.ts";
import { tagKey } from "./tag-key.ts";
import type { HeldScanners } from "./virtual-scanners.ts";

/** What the virtual store needs. */
export interface VirtualStoreParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly state: string;
  readonly seed: number;
  /** The scanners, where there are some. */
  readonly scanners: HeldScanners | undefined;
  /** The air at the entrance, where there is a radio. */
  readonly entrance: Entrance | undefined;
  /** Told in one line what cannot be played here, with the remedy. */
  readonly onMissing: (line: string) => void;
  readonly onEvent: (event: PlayerEvent) => void;
  readonly onVisit: (event: VisitPlayed) => void;
}

/** The tills, readers and scanners of the virtual store, put up for as long as it is not disposed of. */
export class VirtualStore implements AsyncDisposable {
  readonly #parts: VirtualStoreParts;
  readonly #resources = new AsyncDisposableStack();
  readonly #ends = new Map<LaneId, LaneEnds>();
  readonly #counters: PosCounters;
  readonly #cardCounters: CardCounters;

  private constructor(parts: VirtualStoreParts) {
    this.#parts = parts;
    this.#cardCounters = new CardCounters(join(parts.state, "card-counters.json"));
    this.#counters = new PosCounters(join(parts.state, "pos-counters.json"));
  }

  /** Puts up what can be had on this machine and tells what cannot. */
  static async open(parts: VirtualStoreParts): Promise<VirtualStore> {
    const store = new VirtualStore(parts);
    for (const { id, devices } of parts.config.lanes) {
      const laneId = asLaneId(id);
      const reader = devices.find((device) => device.type === "nfc")?.reader;
      const port = virtualReaders.find((virtual) => virtual.reader === reader)?.port;
      const serial = devices.find((device) => device.type === "hid")?.serial;
      const scanner = serial === undefined ? undefined : parts.scanners?.withSerial(serial);
      const shoppers = { ...(port !== undefined && { reader: store.#reader(port) }), ...(scanner && { scanner }) };
      for (const device of devices) {
        if (device.type === "printer-tcp") {
          const { host, port: printPort } = device.listen;
          store.#ends.set(laneId, { line: new TcpPos({ host, port: printPort, clock: parts.clock }), ...shoppers });
        } else if (device.type === "printer-serial") {
          const line = await store.#serialPos(device.path);
          if (line !== undefined) store.#ends.set(laneId, { line, ...shoppers });
        }
      }
    }
    return store;
  }

  /** Plays a morning that begins now. */
  async play(): Promise<Played> {
    const { config, clock, signal, seed, entrance, onEvent, onVisit } = this.#parts;
    const morning: Morning = planMorning({
      seed,
      retailStoreId: config.store.retailStoreId,
      startsAt: localTime(config.store.timeZone),
      lanes: demoLanes((laneId) => this.#counters.numbers(laneId)),
      touchAfterMs: config.identity.touchAfterMs,
    });
    return await playMorning(morning, {
      ends: this.#ends,
      clock,
      signal,
      ...(entrance && { entrance }),
      onVisit,
      onEvent: (event) => {
        if (event.type === "printing") this.#counters.use(event.planned);
        onEvent(event);
      },
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  async #serialPos(portPath: string): Promise<SerialPos | undefined> {
    if (!SerialCable.isAvailable()) {
      this.#parts.onMissing("no serial till: socat is not installed; as root: apt-get install -y socat");
      return undefined;
    }
    const { clock } = this.#parts;
    const socketPath = `${portPath}.sock`;
    const pos = this.#resources.use(await SerialPos.open({ socketPath, clock }));
    await this.#resources.use(new SerialCable({ portPath, socketPath, clock })).plug();
    return pos;
  }

  #reader(port: number): Reader {
    const { clock } = this.#parts;
    return {
      tap: async (card, signal) => {
        const { status } = await holdVirtualCard(this.#card(card), { port, clock, signal });
        return status === "accepted" ? "heard" : "lost";
      },
    };
  }

  #card({ uid, chip, ndef }: ShopperCard): VirtualCard {
    if (chip === "ntag213") return new VirtualTag({ uid, ndef });
    const key = tagKey(this.#parts.state);
    return new VirtualNtag424({
      uid,
      metaReadKey: key,
      fileReadKey: key,
      authKey: key,
      url: "https://club.example.com/t",
      counter: this.#cardCounters.next(uid),
      random: () => randomBytes(16),
    });
  }
}

/** The store's local time now, `YYYY-MM-DDThh:mm:ss`. */
function localTime(timeZone: string): string {
  return new Date().toLocaleString("sv-SE", { timeZone }).replace(" ", "T");
}
