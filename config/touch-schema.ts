import * as z from "zod";
import { environmentName, identifier, keyText, matching, nonEmpty, rule } from "./rules.ts";

/** The sections about cards, phones and codes: what is known of them, and with which keys it is checked. */

const hex4 = matching(
  /^[0-9A-Fa-f]{4}$/,
  { "zh-CN": "不是四位十六进制编号", en: "is not four hexadecimal digits" },
  { "zh-CN": '加引号,例如 "0c2e"(lsusb 可查看)。', en: 'In quotes, for example "0c2e": see `lsusb`.' },
);

/**
 * What a wallet pass holds. Neither protocol proves which phone it is: whoever knows the merchant's public key can make a cryptogram with
 * any content. A long random text that only the pass knows is proof; a number that is printed on a card is not.
 */
const carries = z.enum(["secret", "member-number"]).default("member-number");

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
    /** What follows the UID in the input of AN10922: application and system identifier, in hexadecimal. */
    diversificationSuffix: z.exactOptional(
      matching(
        /^([0-9A-Fa-f]{2}){1,24}$/,
        { "zh-CN": "不是十六进制字节", en: "is not bytes in hexadecimal" },
        { "zh-CN": '例如 "3042F5"。', en: 'For example "3042F5".' },
      ),
    ),
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

/** Digits alone may be anything: an article, a wallet's payment code, somebody's telephone. */
const hasPrefix = (pattern: { readonly prefix?: string; readonly characters: string }): boolean =>
  pattern.prefix !== undefined || pattern.characters !== "digits";

const prefixText = rule({
  message: { "zh-CN": "纯数字的号码需要 prefix", en: "numbers of digits need a prefix" },
  hint: {
    "zh-CN": "写明号码以什么开头,否则任何数字都会被当作会员号。",
    en: "Write what they begin with: without it any digits would pass for one.",
  },
});

/** `codes`: what scanned codes of this store mean beside what standards say. */
export const codesSection = z
  .strictObject({
    members: z
      .array(
        z
          .strictObject({ programme: identifier, ...codePattern })
          .refine(hasPrefix, prefixText)
          .readonly(),
      )
      .readonly()
      .default([]),
    vouchers: z.array(z.strictObject(codePattern).refine(hasPrefix, prefixText).readonly()).readonly().default([]),
    /** Beginnings of loyalty cards on magnetic stripes. Everything else on a stripe is refused. */
    magstripe: z
      .array(z.strictObject({ programme: identifier, prefix: nonEmpty }).readonly())
      .readonly()
      .default([]),
  })
  .readonly();

/** A scanner, a magnetic stripe reader or a scanner that types, on USB. */
export const hidDevice = z
  .strictObject({
    id: identifier,
    type: z.literal("hid"),
    /** USB identifiers; `lsusb` shows them. At least one of these four tells the device from others. */
    vendorId: z.exactOptional(hex4),
    productId: z.exactOptional(hex4),
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
