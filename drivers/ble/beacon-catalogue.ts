import type { EpochMs } from "../../agent/core/time.ts";
import { formatUuid, parseHex } from "./advert-fields.ts";
import type { BeaconFrame } from "./beacon-frame.ts";
import { EidResolver, type EidBeacon } from "./eid-resolver.ts";
import { PrivateAddressResolver, type IrkDevice } from "./private-address.ts";

/** How a beacon is recognised. What is left out may be anything: the beacons then form a group under one name. */
export type BeaconMatch =
  | { readonly type: "ibeacon"; readonly uuid: string; readonly major?: number; readonly minor?: number }
  | {
      readonly type: "altbeacon";
      /** 16 bytes, in the spelling of a UUID or plain. */
      readonly id1: string;
      readonly id2?: number;
      readonly id3?: number;
      readonly companyId?: number;
    }
  | { readonly type: "eddystone-uid"; readonly namespace: string; readonly instance?: string }
  | { readonly type: "eddystone-url"; readonly url: string }
  | ({ readonly type: "eddystone-eid" } & Omit<EidBeacon, "beaconId">)
  | ({ readonly type: "irk" } & Omit<IrkDevice, "beaconId">);

/** A beacon, or group of them, that the store knows. */
export interface BeaconConfig {
  readonly beaconId: string;
  readonly match: BeaconMatch;
}

/** The beacon that an advert comes from. */
export interface KnownBeacon {
  readonly beaconId: string;
  /**
   * Tells it from others of its group, in one spelling: `ibeacon:<uuid>:<major>:<minor>`, `altbeacon:<id1>:<id2>:<id3>`,
   * `eddystone-uid:<namespace>:<instance>`, `eddystone-url:<url>`; for those that change what they send `eddystone-eid:<beaconId>`
   * and `irk:<beaconId>`.
   */
  readonly identifier: string;
  /** Expected at one metre, where the advert says, in dBm. */
  readonly txPowerDbm?: number;
}

/** An advert as far as it may tell whose it is. */
export interface AdvertOrigin {
  readonly frame: BeaconFrame | undefined;
  /** `aa:bb:cc:dd:ee:ff`, most significant byte first. */
  readonly address: string;
  readonly isRandomAddress: boolean;
}

type FixedMatch = Exclude<BeaconMatch, { readonly type: "eddystone-eid" | "irk" }>;

/**
 * The beacons a store knows. Looking up an advert costs the same whatever their number, but for devices known by an identity resolving
 * key: those cost one AES block each for an address not met lately. Of two beacons that match alike, the first listed has it; the
 * closer match goes before the wider. Throws a RangeError for identifiers and keys that cannot be.
 */
export class BeaconCatalogue {
  readonly #fixed = new Map<string, string>();
  readonly #eids: EidResolver;
  readonly #addresses: PrivateAddressResolver;

  constructor(beacons: readonly BeaconConfig[]) {
    const eids: EidBeacon[] = [];
    const devices: IrkDevice[] = [];
    for (const { beaconId, match } of beacons) {
      if (match.type === "eddystone-eid") eids.push({ beaconId, ...match });
      else if (match.type === "irk") devices.push({ beaconId, ...match });
      else this.#addFixed(keyOf(match), beaconId);
    }
    this.#eids = new EidResolver(eids);
    this.#addresses = new PrivateAddressResolver(devices);
  }

  /** The known beacon that an advert comes from, if any. `now` is asked only for identifiers that change with time. */
  recognise({ frame, address, isRandomAddress }: AdvertOrigin, now: () => EpochMs): KnownBeacon | undefined {
    const known = frame && (this.#recogniseFixed(frame) ?? this.#recogniseEid(frame, now));
    if (known || !isRandomAddress) return known;
    const beaconId = this.#addresses.resolve(address);
    return beaconId === undefined ? undefined : { beaconId, identifier: `irk:${beaconId}` };
  }

  #addFixed(key: string, beaconId: string): void {
    if (!this.#fixed.has(key)) this.#fixed.set(key, beaconId);
  }

  #recogniseFixed(frame: BeaconFrame): KnownBeacon | undefined {
    if (this.#fixed.size === 0) return undefined;
    const [identifier, ...groups] = keysOf(frame);
    if (identifier === undefined) return undefined;
    const maker = frame.type === "altbeacon" ? `@${frame.companyId}` : undefined;
    for (const key of [identifier, ...groups]) {
      const beaconId = (maker === undefined ? undefined : this.#fixed.get(key + maker)) ?? this.#fixed.get(key);
      if (beaconId !== undefined) return { beaconId, identifier, ...powerOf(frame) };
    }
    return undefined;
  }

  #recogniseEid(frame: BeaconFrame, now: () => EpochMs): KnownBeacon | undefined {
    if (frame.type !== "eddystone-eid") return undefined;
    const beaconId = this.#eids.resolve(frame.eid, now());
    return beaconId === undefined
      ? undefined
      : { beaconId, identifier: `eddystone-eid:${beaconId}`, ...powerOf(frame) };
  }
}

/** What a frame may be listed under, the closest first; the first tells it from all others. A fixed number. */
function keysOf(frame: BeaconFrame): readonly string[] {
  switch (frame.type) {
    case "ibeacon": {
      const group = `ibeacon:${frame.uuid}`;
      return [`${group}:${frame.major}:${frame.minor}`, `${group}:${frame.major}`, group];
    }
    case "altbeacon": {
      const group = `altbeacon:${frame.id1}`;
      return [`${group}:${frame.id2}:${frame.id3}`, `${group}:${frame.id2}`, group];
    }
    case "eddystone-uid": {
      const group = `eddystone-uid:${frame.namespace}`;
      return [`${group}:${frame.instance}`, group];
    }
    case "eddystone-url":
      return [`eddystone-url:${frame.url}`];
    default:
      return [];
  }
}

function keyOf(match: FixedMatch): string {
  switch (match.type) {
    case "ibeacon":
      return joined(`ibeacon:${uuidOf(match.uuid)}`, match.major, match.minor);
    case "altbeacon": {
      const maker = match.companyId === undefined ? "" : `@${match.companyId}`;
      return joined(`altbeacon:${uuidOf(match.id1)}`, match.id2, match.id3) + maker;
    }
    case "eddystone-uid": {
      const instance = match.instance === undefined ? undefined : hexOf(match.instance, 6);
      return joined(`eddystone-uid:${hexOf(match.namespace, 10)}`, instance);
    }
    case "eddystone-url":
      return `eddystone-url:${match.url}`;
  }
}

function joined(group: string, first?: number | string, second?: number | string): string {
  if (first === undefined && second !== undefined)
    throw new RangeError(`${group}: a minor number needs its major number`);
  return [group, first, second].filter((part) => part !== undefined).join(":");
}

function uuidOf(text: string): string {
  return formatUuid(parseHex(text, 16)) ?? "";
}

function hexOf(text: string, length: number): string {
  return Buffer.from(parseHex(text, length)).toString("hex");
}

function powerOf(frame: BeaconFrame): { txPowerDbm?: number } {
  return "txPowerDbm" in frame && frame.txPowerDbm !== undefined ? { txPowerDbm: frame.txPowerDbm } : {};
}
