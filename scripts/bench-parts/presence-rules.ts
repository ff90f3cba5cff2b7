import { asDeviceId, asZoneId } from "../../agent/core/ids.ts";
import type { Instant } from "../../agent/core/time.ts";
import { PresenceEngine } from "../../agent/pipeline/presence/presence-engine.ts";
import { defaultPresence, type PresenceOptions } from "../../agent/pipeline/presence/presence-options.ts";
import type { VisitEvent } from "../../agent/pipeline/presence/visit-event.ts";
import { txPowerDbm, type Advert } from "./presence-air.ts";
import type { Change } from "./presence-score.ts";
import { none } from "./presence-truth.ts";

/** Says where one beacon is, from what the radios hear. `tick` is called once a second. */
export interface Rule {
  hear(advert: Advert): void;
  tick(atMs: number): void;
}

/** Notes what a rule says, where it is new. */
export class Verdicts {
  readonly changes: Change[] = [];

  say(zone: string, atMs: number): void {
    if ((this.changes.at(-1)?.zone ?? none) !== zone) this.changes.push({ atMs, zone });
  }
}

/** storeloop: the engine, behind a driver that makes one sighting a radio and second of the adverts. */
export class StoreloopRule implements Rule {
  readonly #engine: PresenceEngine;
  readonly #verdicts: Verdicts;
  readonly #heard = new Map<Advert["radio"], Advert[]>();
  #visits = 0;

  constructor(options: Partial<PresenceOptions>, verdicts: Verdicts) {
    this.#engine = new PresenceEngine({ ...defaultPresence, ...options }, () => `${(this.#visits += 1)}`);
    this.#verdicts = verdicts;
  }

  hear(advert: Advert): void {
    const heard = this.#heard.get(advert.radio);
    if (heard === undefined) this.#heard.set(advert.radio, [advert]);
    else heard.push(advert);
  }

  tick(atMs: number): void {
    const now: Instant = { wallMs: atMs, monotonicMs: atMs, bootId: "bench", trusted: true };
    for (const [{ id, zone }, adverts] of this.#heard) {
      const sorted = adverts.map(({ rssiDbm }) => rssiDbm).toSorted((a, b) => a - b);
      const rssiDbm = sorted[Math.floor(sorted.length / 2)] ?? -127;
      const from = { zoneId: asZoneId(zone), deviceId: asDeviceId(id) };
      this.#engine.note({ key: "beacon", beaconId: "beacon", ...from, rssiDbm, txPowerDbm, at: now });
      this.#follow(this.#engine.decide("beacon", now), atMs);
    }
    this.#heard.clear();
    this.#follow(this.#engine.sweep(now), atMs);
  }

  #follow(events: readonly VisitEvent[], atMs: number): void {
    const last = events.at(-1);
    if (last !== undefined) this.#verdicts.say(last.type === "started" ? last.zoneId : none, atMs);
  }
}

/** What can be set of {@link RoomAssistantRule}. */
export interface RoomAssistantSettings {
  /** Seconds after which a distance no longer counts; its default is 5. */
  readonly timeout: number;
  /** Metres beyond which a radio does not count. */
  readonly maxDistance: number;
}

/**
 * room-assistant 2.x, as its sources say: a Kalman filter of the RSSI, one a tag and instance (`bluetooth-low-energy.service.ts`: process
 * noise 0.8, measurement noise 15, the kalmanjs filter); a distance by the AltBeacon curve, rounded to 0.1 m (`tag.ts`); and the room of
 * the nearest instance whose distance is in `maxDistance` and not older than `timeout`, looked at with each advert and every `timeout`
 * (`room-presence-distance.sensor.ts`). `updateFrequency` stays 0, its default.
 */
export class RoomAssistantRule implements Rule {
  readonly #settings: RoomAssistantSettings;
  readonly #verdicts: Verdicts;
  readonly #filters = new Map<string, { rssi: number; variance: number }>();
  readonly #distances = new Map<string, { metres: number; atMs: number; zone: string }>();
  #nextCheckMs = 0;

  constructor(settings: RoomAssistantSettings, verdicts: Verdicts) {
    this.#settings = settings;
    this.#verdicts = verdicts;
  }

  hear({ atMs, radio, rssiDbm }: Advert): void {
    const rssi = this.#filtered(radio.id, rssiDbm);
    this.#distances.set(radio.id, { metres: altBeaconMetres(rssi), atMs, zone: radio.zone });
    this.#update(atMs);
  }

  tick(atMs: number): void {
    if (atMs < this.#nextCheckMs) return;
    this.#nextCheckMs = atMs + this.#settings.timeout * 1000;
    this.#update(atMs);
  }

  #filtered(id: string, rssi: number): number {
    const before = this.#filters.get(id);
    const [processNoise, measurementNoise] = [0.8, 15];
    if (before === undefined) {
      this.#filters.set(id, { rssi, variance: measurementNoise });
      return rssi;
    }
    const predicted = before.variance + processNoise;
    const gain = predicted / (predicted + measurementNoise);
    before.rssi += gain * (rssi - before.rssi);
    before.variance = predicted - gain * predicted;
    return before.rssi;
  }

  #update(atMs: number): void {
    const { timeout, maxDistance } = this.#settings;
    const inRange = [...this.#distances.values()].filter(
      (one) => one.metres <= maxDistance && atMs < one.atMs + timeout * 1000,
    );
    const nearest = inRange.toSorted((a, b) => a.metres - b.metres)[0];
    this.#verdicts.say(nearest?.zone ?? none, atMs);
  }
}

/** The distance room-assistant takes a strength for, in metres. */
export function altBeaconMetres(rssi: number): number {
  const ratio = rssi / txPowerDbm;
  const metres = ratio < 1 ? ratio ** 10 : 0.89976 * ratio ** 7.7095 + 0.111;
  return Math.round(metres * 10) / 10;
}

/** What can be set of {@link EspresenseRule}. */
export interface EspresenseSettings {
  /** Metres beyond which a node does not report; its default is 16. */
  readonly maxDistance: number;
  /** The path loss exponent; its default is 3.5. */
  readonly absorption: number;
  /** Seconds after which another room is believed whatever its distance; `mqtt_room`, its default is 5, ESPresense's guide says 10. */
  readonly timeout: number;
  /** Seconds without a report after which nobody is home; `mqtt_room`, ESPresense's guide says 120. */
  readonly awayTimeout: number;
}

/**
 * ESPresense 4 with Home Assistant's `mqtt_room`, as their sources say. A node keeps the RSSI of the last 15 s (at most 200) and takes the
 * mean of what is in the Tukey fence (`AdaptivePercentileRSSI.cpp`, `getMedianIQR`), a distance by log-distance path loss with
 * `absorption`, and reports up to `max_distance` every `skip_ms` of 5 s, earlier when it moved by `skip_dist` of 0.5 m or more
 * (`BleFingerprint.cpp`, `report`; `defaults.h`). `mqtt_room` believes a report when it is of the same room, nearer than the last one, or
 * when the last one is older than `timeout`, and says not_home after `away_timeout` (`homeassistant/components/mqtt_room/sensor.py`).
 */
export class EspresenseRule implements Rule {
  readonly #settings: EspresenseSettings;
  readonly #verdicts: Verdicts;
  readonly #nodes = new Map<string, { readings: Advert[]; nextMs: number; metres: number }>();
  #room: { zone: string; metres: number; atMs: number } | undefined;

  constructor(settings: EspresenseSettings, verdicts: Verdicts) {
    this.#settings = settings;
    this.#verdicts = verdicts;
  }

  hear(advert: Advert): void {
    const { radio, atMs } = advert;
    let node = this.#nodes.get(radio.id);
    if (node === undefined) this.#nodes.set(radio.id, (node = { readings: [], nextMs: 0, metres: 0 }));
    node.readings.push(advert);
    while (node.readings.length > 200 || atMs - (node.readings[0]?.atMs ?? atMs) > 15_000) node.readings.shift();
    // However far it moved, no report comes earlier than this.
    if (atMs < node.nextMs - skipMs / 2) return;
    const { absorption, maxDistance } = this.#settings;
    const rssi = fencedMean(node.readings.map(({ rssiDbm }) => rssiDbm));
    const metres = 10 ** ((txPowerDbm - rssi) / (10 * absorption));
    if (metres > maxDistance) return;
    if (atMs < node.nextMs && atMs < node.nextMs - earlyMs(Math.abs(metres - node.metres))) return;
    node.nextMs = (Math.floor(atMs / skipMs) + 1) * skipMs;
    node.metres = metres;
    this.#report(radio.zone, metres, atMs);
  }

  tick(atMs: number): void {
    if (this.#room !== undefined && atMs - this.#room.atMs > this.#settings.awayTimeout * 1000)
      this.#verdicts.say(none, atMs);
  }

  #report(zone: string, metres: number, atMs: number): void {
    const now = this.#room;
    const isBelieved =
      now === undefined || now.zone === zone || metres < now.metres || atMs - now.atMs >= this.#settings.timeout * 1000;
    if (!isBelieved) return;
    this.#room = { zone, metres, atMs };
    this.#verdicts.say(zone, atMs);
  }
}

const skipMs = 5000;
const skipMetres = 0.5;
const maxDivisor = 10;

/** How much earlier than planned a node reports that the beacon moved so far. */
function earlyMs(movedMetres: number): number {
  if (movedMetres < skipMetres) return 0;
  const rounded = Math.trunc(Math.log2(Math.round(2 ** (movedMetres / skipMetres))));
  return skipMs / Math.max(2, Math.min(maxDivisor, maxDivisor - rounded));
}

function fencedMean(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number => {
    const rank = part * (sorted.length - 1);
    const [low, high] = [sorted[Math.floor(rank)] ?? 0, sorted[Math.ceil(rank)] ?? 0];
    return low + (high - low) * (rank - Math.floor(rank));
  };
  const [q1, q3] = [at(0.25), at(0.75)];
  const kept = sorted.filter((value) => value >= q1 - 1.5 * (q3 - q1) && value <= q3 + 1.5 * (q3 - q1));
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}
