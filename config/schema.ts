import * as z from "zod";
import {
  brokerUrl,
  currencyCode,
  endpoint,
  environmentName,
  identifier,
  nonEmpty,
  timeZone,
  topicPrefix,
} from "./rules.ts";
import { beaconsSection, presenceSection, zonesSection } from "./radio-schema.ts";
import { codesSection, hidDevice, nfcSection } from "./touch-schema.ts";

const milliseconds = (most: number) => z.int().min(0).max(most);

const store = z
  .strictObject({
    /** ARTS POSLog RetailStoreID, as the POS prints it. */
    retailStoreId: identifier,
    /** Zone of the times printed on receipts. */
    timeZone,
    /** Currency of amounts printed without one. */
    currencyCode,
  })
  .readonly();

const agent = z
  .strictObject({
    /** Unique among all agents of the region; part of every topic. */
    id: identifier,
    /** Ledger, local key and control socket live here; on a local disk. */
    dataDir: nonEmpty,
    logLevel: z.enum(["trace", "debug", "info", "warn", "error"]).default("info"),
    /** Folder with the store's own POS profiles; `profiles` beside the configuration file, if it is there, when absent. */
    profilesDir: z.exactOptional(nonEmpty),
    /** Language of the command line; `LANG` decides when absent. */
    locale: z.exactOptional(z.enum(["zh-CN", "en"])),
  })
  .readonly();

/** What any device that carries print bytes has. */
const printLine = {
  /** Name of a POS profile, `auto` to find it, `none` to read by structure and arithmetic alone. */
  profile: nonEmpty.default("auto"),
  /** Silence after which an unfinished slip counts as ended. */
  idleMs: milliseconds(600_000).default(1500),
  /** Encoding of print bytes until the POS selects one, e.g. `gb18030`. */
  charset: z.exactOptional(nonEmpty),
  /** Command language of the printer; `auto` finds it out from what the POS sends. */
  dialect: z.enum(["auto", "escpos", "star"]).default("auto"),
  /** Whose numbers for code pages the printer follows: those of `ESC t n`. */
  codePages: z
    .enum([
      "epson",
      "bixolon",
      "citizen",
      "fujitsu",
      "hp",
      "metapace",
      "mpt",
      "pos-5890",
      "pos-8360",
      "star",
      "xprinter",
      "youku",
    ])
    .default("epson"),
};

const printerTcp = z
  .strictObject({
    id: identifier,
    type: z.literal("printer-tcp"),
    /** Where the POS connects. */
    listen: endpoint,
    /** The real printer; without it the agent answers as one. */
    forwardTo: z.exactOptional(endpoint),
    ...printLine,
  })
  .readonly();

const printFolder = z
  .strictObject({
    id: identifier,
    type: z.literal("print-folder"),
    /** The folder, local or mounted. */
    path: nonEmpty,
    /** Which names: `*` for any characters, `?` for one. */
    names: nonEmpty.default("*"),
    /** `files`: each is a print job of its own; `journal`: they grow, as electronic journals do. */
    content: z.enum(["files", "journal"]).default("files"),
    /** A file that did not change for so long is complete. */
    settleMs: milliseconds(600_000).default(1000),
    /** What becomes of a file once it is durable. */
    afterwards: z.enum(["leave", "delete", "move"]).default("leave"),
    /** Where files are moved to; the folder `read` below `path` when absent. */
    moveTo: z.exactOptional(nonEmpty),
    ...printLine,
  })
  .readonly();

const printerSerial = z
  .strictObject({
    id: identifier,
    type: z.literal("printer-serial"),
    /** The port of the POS, best a stable name below /dev/serial/by-id/. */
    path: nonEmpty,
    /** The port of the real printer: storeloop stands between the two. */
    forwardTo: z.exactOptional(nonEmpty),
    baudRate: z.int().min(50).max(4_000_000).default(9600),
    dataBits: z.literal([5, 6, 7, 8]).default(8),
    parity: z.enum(["none", "even", "odd"]).default("none"),
    stopBits: z.literal([1, 2]).default(1),
    /** Whether to answer status requests as a printer would; `false` when a real printer shares the line. */
    answers: z.boolean().default(true),
    ...printLine,
  })
  .readonly();

const nfc = z
  .strictObject({
    id: identifier,
    type: z.literal("nfc"),
    /** Name of the reader as PC/SC gives it, whole or its beginning. */
    reader: nonEmpty,
    /** Serial number of the reader, where two have the same name: it is then known at any port. */
    serial: z.exactOptional(nonEmpty),
  })
  .readonly();

const lane = z
  .strictObject({
    id: identifier,
    devices: z.array(z.discriminatedUnion("type", [printerTcp, printerSerial, printFolder, nfc, hidDevice])).readonly(),
  })
  .readonly();

const identity = z
  .strictObject({
    /** The region's token key, from a file or the environment. With neither, a local one is made in `dataDir`. */
    regionKeyFile: z.exactOptional(nonEmpty),
    regionKeyEnv: z.exactOptional(environmentName),
    keyVersion: z.int().min(1).max(65_535).default(1),
    /** How long before the first byte of a receipt a touch may lie. */
    touchBeforeMs: milliseconds(3_600_000).default(120_000),
    /** How long after the last byte of a receipt a touch may lie. */
    touchAfterMs: milliseconds(3_600_000).default(30_000),
  })
  .readonly();

const uplink = z
  .strictObject({
    url: brokerUrl,
    /** MQTT version; `auto` tries 5 and falls back to 3.1.1. */
    protocolVersion: z.enum(["auto", "5", "3.1.1"]).default("auto"),
    topicPrefix: topicPrefix.default("storeloop/v1"),
    username: z.exactOptional(nonEmpty),
    passwordFile: z.exactOptional(nonEmpty),
    passwordEnv: z.exactOptional(environmentName),
    /** PEM file with the authority that signed the broker's certificate. */
    caFile: z.exactOptional(nonEmpty),
  })
  .readonly();

/**
 * The configuration file, version 1. Every object refuses unknown keys; what may be left out has its default here and nowhere
 * else. What one field alone cannot tell is in `cross-checks.ts`.
 */
export const schema = z
  .strictObject({
    version: z.literal(1),
    store,
    agent,
    lanes: z.array(lane).min(1).readonly(),
    zones: zonesSection.default([]),
    beacons: beaconsSection.default([]),
    presence: presenceSection.prefault({}),
    nfc: nfcSection.prefault({}),
    codes: codesSection.prefault({}),
    identity: identity.prefault({}),
    uplink,
  })
  .readonly();

/** The configuration as the schema gives it: defaults filled in, secrets still named only. */
export type ParsedConfig = z.output<typeof schema>;
