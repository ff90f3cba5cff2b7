import * as z from "zod";
import { environmentName, identifier, matching, nonEmpty, rule } from "./rules.ts";

/** The sections about cards, phones, codes and beacons: what is known of them, and with which keys it is checked. */

const ruled = {
  hex4: matching(
    /^[0-9A-Fa-f]{4}$/,
    { "zh-CN": "不是四位十六进制编号", en: "is not four hexadecimal digits" },
    { "zh-CN": '加引号,例如 "0c2e"(lsusb 可查看)。', en: 'In quotes, for example "0c2e": see `lsusb`.' },
  ),
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

/** Somebody has to hold the key: without it nothing can be checked. */
const keyText = (name: string) =>
  rule({
    message: { "zh-CN": `缺少 ${name}File 或 ${name}Env`, en: `${name}File or ${name}Env is missing` },
    hint: {
      "zh-CN": "写密钥文件的路径,或环境变量名。",
      en: "Name the file with the key, or the environment variable.",
    },
  });

/**
 * What a wallet pass holds. Neither protocol proves which phone it is: whoever knows the merchant's public key can make a cryptogram with
 * any content. A long random text that only the pass knows is proof; a number that is printed on a card is not.
 */
const carries = z.enum(["secret", "member-number"]).default("secret");

const minorText = rule({
  message: { "zh-CN": "有 minor 却没有 major", en: "there is a minor and no major" },
  hint: { "zh-CN": "加上 major,或删除 minor。", en: "Add major, or delete minor." },
});

const uint16 = z.int().min(0).max(65_535);
const dbm = z.int().min(-127).max(20);
const milliseconds = (least: number, most: number) => z.int().min(least).max(most);

const ntag424 = z
  .strictObject({
    /** Kept with what is read, so that keys can be told apart. */
    name: identifier,
    /** SDMMetaReadKey: decrypts UID and counter. */
    metaReadKeyFile: z.exactOptional(nonEmpty),
    metaReadKeyEnv: z.exactOptional(environmentName),
    /** SDMFileReadKey: the MAC, and mirrored file data. */
    fileReadKeyFile: z.exactOptional(nonEmpty),
    fileReadKeyEnv: z.exactOptional(environmentName),
    /** An application key, for a live authentication that no copied message can pass. */
    authKeyFile: z.exactOptional(nonEmpty),
    authKeyEnv: z.exactOptional(environmentName),
    authKeyNumber: z.int().min(0).max(4).default(0),
    /** Whether each tag has keys of its own, made from these, and how. */
    diversified: z.enum(["none", "an10922", "nfc-developer"]).default("none"),
    /** Names of the URL's parameters, where they are not the usual ones. */
    parameters: z.exactOptional(
      z
        .strictObject({
          picc: z.exactOptional(nonEmpty),
          uid: z.exactOptional(nonEmpty),
          counter: z.exactOptional(nonEmpty),
          enc: z.exactOptional(nonEmpty),
          mac: z.exactOptional(nonEmpty),
        })
        .readonly(),
    ),
  })
  .readonly();

const vasPass = z
  .strictObject({
    /** The loyalty programme: a member number is the same one in a pass, on a card and on a receipt. */
    name: identifier,
    /** E.g. `pass.com.example.club`. */
    passTypeId: nonEmpty,
    /** Where a shopper without the pass can get it. */
    url: z.exactOptional(nonEmpty),
    carries,
    privateKeyFile: z.exactOptional(nonEmpty),
    privateKeyEnv: z.exactOptional(environmentName),
  })
  .refine((pass) => pass.privateKeyFile !== undefined || pass.privateKeyEnv !== undefined, keyText("privateKey"))
  .readonly();

const smartTap = z
  .strictObject({
    name: identifier,
    /** Collector ID, as Google gave it out. */
    collectorId: matching(
      /^[0-9]{1,10}$/,
      { "zh-CN": "不是收集者编号", en: "is not a collector id" },
      { "zh-CN": '加引号的数字,例如 "20180608"。', en: 'A number in quotes, for example "20180608".' },
    ),
    keyVersion: z.int().min(1).max(65_535).default(1),
    carries,
    privateKeyFile: z.exactOptional(nonEmpty),
    privateKeyEnv: z.exactOptional(environmentName),
  })
  .refine((tap) => tap.privateKeyFile !== undefined || tap.privateKeyEnv !== undefined, keyText("privateKey"))
  .readonly();

/** What a reader looks for on a card or phone that has applications (ISO/IEC 14443-4), in this order. */
const applications = ["vas", "smart-tap", "ntag424", "ndef", "transit", "emv"] as const;

/** `nfc`: what is looked for on cards and phones. */
export const nfcSection = z
  .strictObject({
    order: z
      .array(z.enum(applications))
      .min(1)
      .readonly()
      .default([...applications]),
    ntag424: z.array(ntag424).readonly().default([]),
    vas: z.array(vasPass).readonly().default([]),
    smartTap: z.exactOptional(smartTap),
  })
  .readonly();

/** Which codes are meant: a beginning, a length, and what they are made of. */
const codePattern = {
  prefix: z.exactOptional(nonEmpty),
  minLength: z.int().min(1).max(128).default(4),
  maxLength: z.int().min(1).max(128).default(32),
  characters: z.enum(["digits", "alphanumeric"]).default("digits"),
};

/** `codes`: what scanned codes of this store mean beside what standards say. */
export const codesSection = z
  .strictObject({
    members: z
      .array(z.strictObject({ programme: identifier, ...codePattern }).readonly())
      .readonly()
      .default([]),
    vouchers: z.array(z.strictObject(codePattern).readonly()).readonly().default([]),
    /** Beginnings of loyalty cards on magnetic stripes. Everything else on a stripe is refused. */
    magstripe: z
      .array(z.strictObject({ programme: identifier, prefix: nonEmpty }).readonly())
      .readonly()
      .default([]),
  })
  .readonly();

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

const id = identifier;

const beacon = z.discriminatedUnion("type", [
  z
    .strictObject({
      id,
      type: z.literal("ibeacon"),
      uuid: ruled.uuid,
      /** Without it, or without minor, a whole group: each of its beacons is one of its own. */
      major: z.exactOptional(uint16),
      minor: z.exactOptional(uint16),
    })
    .refine((one) => one.minor === undefined || one.major !== undefined, minorText)
    .readonly(),
  z
    .strictObject({
      id,
      type: z.literal("altbeacon"),
      uuid: ruled.uuid,
      major: z.exactOptional(uint16),
      minor: z.exactOptional(uint16),
    })
    .refine((one) => one.minor === undefined || one.major !== undefined, minorText)
    .readonly(),
  z
    .strictObject({
      id,
      type: z.literal("eddystone-uid"),
      namespace: ruled.hex20,
      instance: z.exactOptional(ruled.hex12),
    })
    .readonly(),
  z.strictObject({ id, type: z.literal("eddystone-url"), url: nonEmpty }).readonly(),
  z
    .strictObject({
      id,
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
      id,
      type: z.literal("irk"),
      irkFile: z.exactOptional(nonEmpty),
      irkEnv: z.exactOptional(environmentName),
    })
    .refine((one) => one.irkFile !== undefined || one.irkEnv !== undefined, keyText("irk"))
    .readonly(),
]);

/** `beacons`: which are known. Every other advert is nobody's and is not kept. */
export const beaconsSection = z.array(beacon).readonly();

/** A scanner, a magnetic stripe reader or a scanner that types, on USB. */
export const hidDevice = z
  .strictObject({
    id,
    type: z.literal("hid"),
    /** USB identifiers; `lsusb` shows them. At least one of these four tells the device from others. */
    vendorId: z.exactOptional(ruled.hex4),
    productId: z.exactOptional(ruled.hex4),
    serial: z.exactOptional(nonEmpty),
    /** The USB socket it is in, as `storeloop devices found` shows it, or a device file: for a device that nothing else tells apart. */
    path: z.exactOptional(nonEmpty),
    /** Layout a scanner that types is set to. */
    keyboardLayout: z.enum(["us", "de", "fr", "jp"]).default("us"),
    /** What a scanner that types is set to put behind a code; by default Enter or Tab, whichever comes. */
    suffix: z.exactOptional(z.enum(["enter", "tab", "none"])),
  })
  .refine(
    (one) => [one.vendorId, one.productId, one.serial, one.path].some((given) => given !== undefined),
    rule({
      message: { "zh-CN": "没有写明是哪个设备", en: "does not say which device it is" },
      hint: {
        "zh-CN": "至少写 vendorId、productId、serial、path 之一(storeloop devices found 可查看)。",
        en: "Write at least one of vendorId, productId, serial and path: see `storeloop devices found`.",
      },
    }),
  )
  .readonly();
