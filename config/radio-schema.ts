import * as z from "zod";
import { environmentName, identifier, keyText, matching, nonEmpty, rule } from "./rules.ts";

/** The sections about Bluetooth: where radios are, which beacons are known, and when one counts as being there. */

const ruled = {
  uuid: matching(
    /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/,
    { "zh-CN": "不是 UUID", en: "is not a UUID" },
    {
      "zh-CN": "例如 2f234454-cf6d-4a0f-adf2-f4911ba9ffa6。",
      en: "For example 2f234454-cf6d-4a0f-adf2-f4911ba9ffa6.",
    },
  ),
  hex20: matching(
    /^[0-9A-Fa-f]{20}$/,
    { "zh-CN": "不是 20 位十六进制", en: "is not 20 hexadecimal digits" },
    { "zh-CN": "例如 2f234454f4911ba9ffa6。", en: "For example 2f234454f4911ba9ffa6." },
  ),
  hex12: matching(
    /^[0-9A-Fa-f]{12}$/,
    { "zh-CN": "不是 12 位十六进制", en: "is not 12 hexadecimal digits" },
    { "zh-CN": '加引号,例如 "000000000001"。', en: 'In quotes, for example "000000000001".' },
  ),
  moment: matching(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/,
    { "zh-CN": "不是带时区的时刻", en: "is not a moment with its offset" },
    { "zh-CN": "例如 2026-03-14T10:00:00+08:00。", en: "For example 2026-03-14T10:00:00+08:00." },
  ),
};

const minorText = rule({
  message: { "zh-CN": "有 minor 却没有 major", en: "there is a minor and no major" },
  hint: { "zh-CN": "加上 major,或删除 minor。", en: "Add major, or delete minor." },
});

const uint16 = z.int().min(0).max(65_535);
const dbm = z.int().min(-127).max(20);
const milliseconds = (least: number, most: number) => z.int().min(least).max(most);

const radio = z
  .strictObject({
    id: identifier,
    type: z.literal("ble"),
    /** Which library drives it: both are tested alike. Only `stoprocent` drives a controller on a serial port. */
    library: z.enum(["abandonware", "stoprocent"]).default("abandonware"),
    /** Number of the adapter: 0 for hci0. */
    adapter: z.int().min(0).max(15).default(0),
    /** Its own address: it is then known at any number, whatever was plugged in first. */
    address: z.exactOptional(
      matching(
        /^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$/,
        { "zh-CN": "不是蓝牙地址", en: "is no Bluetooth address" },
        { "zh-CN": '例如 "00:1A:7D:DA:71:13"。', en: 'For example "00:1A:7D:DA:71:13".' },
      ),
    ),
    /** Serial port of a controller that is attached to one. */
    path: z.exactOptional(nonEmpty),
    baudRate: z.int().min(9600).max(4_000_000).default(1_000_000),
  })
  .refine(
    ({ path, library }) => path === undefined || library === "stoprocent",
    rule({
      message: { "zh-CN": "path 需要 library: stoprocent", en: "path needs library: stoprocent" },
      hint: { "zh-CN": "加上 library: stoprocent。", en: "Add library: stoprocent." },
    }),
  )
  .readonly();

/** `zones`: parts of the store, and the radios that cover them. Thresholds of a zone go before those of `presence`. */
export const zonesSection = z
  .array(
    z
      .strictObject({
        id: identifier,
        devices: z.array(radio).min(1).readonly(),
        enterDbm: z.exactOptional(dbm),
        exitDbm: z.exactOptional(dbm),
      })
      .readonly(),
  )
  .readonly();

/** `presence`: when a beacon counts as being in a zone. How to set it: docs/presence.md. */
export const presenceSection = z
  .strictObject({
    /** As strong as this, or stronger: it is here. */
    enterDbm: dbm.default(-84),
    /** Weaker than this: it left. */
    exitDbm: dbm.default(-95),
    /** Makes both relative: they then hold for a beacon that is expected so strongly at one metre. */
    referenceTxPowerDbm: z.exactOptional(dbm),
    /** How long it must be here before a visit begins. */
    enterDwellMs: milliseconds(0, 600_000).default(1_000),
    /** How long it must be too weak before the visit ends. */
    exitDwellMs: milliseconds(0, 600_000).default(15_000),
    /** Unheard for so long: it is gone. */
    silentMs: milliseconds(1_000, 3_600_000).default(60_000),
    /** How much better another zone must hear it, in dB. */
    moveMarginDb: z.number().min(0).max(40).default(8),
    /** What is above that margin, added up over the seconds until it moves. */
    moveSurplusDbS: z.number().min(0).max(10_000).default(80),
    /** Of how much time the median is taken: for coming in, and for leaving and moving. */
    quickMs: milliseconds(1_000, 600_000).default(5_000),
    steadyMs: milliseconds(1_000, 600_000).default(15_000),
  })
  .readonly();

/** Beacons told by a UUID and two numbers. */
const numbered = <T extends string>(type: T) =>
  z
    .strictObject({
      id: identifier,
      type: z.literal(type),
      uuid: ruled.uuid,
      /** Without it, or without minor, a whole group: each of its beacons is one of its own. */
      major: z.exactOptional(uint16),
      minor: z.exactOptional(uint16),
    })
    .refine((one) => one.minor === undefined || one.major !== undefined, minorText)
    .readonly();

const beacon = z.discriminatedUnion("type", [
  numbered("ibeacon"),
  numbered("altbeacon"),
  z
    .strictObject({
      id: identifier,
      type: z.literal("eddystone-uid"),
      namespace: ruled.hex20,
      instance: z.exactOptional(ruled.hex12),
    })
    .readonly(),
  z.strictObject({ id: identifier, type: z.literal("eddystone-url"), url: nonEmpty }).readonly(),
  z
    .strictObject({
      id: identifier,
      type: z.literal("eddystone-eid"),
      identityKeyFile: z.exactOptional(nonEmpty),
      identityKeyEnv: z.exactOptional(environmentName),
      /** K: the beacon changes its identifier every 2^K seconds. */
      rotationExponent: z.int().min(0).max(15),
      /** What the beacon's clock showed, in seconds, at the moment `asOf`. */
      beaconTimeSeconds: z.int().min(0).max(4_294_967_295),
      asOf: ruled.moment,
      /** How far its clock may have gone wrong since. */
      driftSeconds: z.int().min(0).max(86_400).default(3_600),
    })
    .refine((one) => one.identityKeyFile !== undefined || one.identityKeyEnv !== undefined, keyText("identityKey"))
    .readonly(),
  z
    .strictObject({
      id: identifier,
      type: z.literal("irk"),
      irkFile: z.exactOptional(nonEmpty),
      irkEnv: z.exactOptional(environmentName),
    })
    .refine((one) => one.irkFile !== undefined || one.irkEnv !== undefined, keyText("irk"))
    .readonly(),
]);

/** `beacons`: which are known. Every other advert is nobody's and is not kept. */
export const beaconsSection = z.array(beacon).readonly();
