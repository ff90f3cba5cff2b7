import type { NfcCredential, SunMessage } from "../../agent/core/credential.ts";
import type { ErrorCode } from "../../agent/core/error-catalogue.ts";
import type { NdefRecord } from "../../agent/core/observation.ts";
import type { Clock } from "../../agent/core/time.ts";
import { isRandomUid } from "../../agent/core/uid.ts";
import { dataOf, type Transmit } from "./apdu.ts";
import type { Applet } from "./iso-dep/applet.ts";
import { takeSun } from "./iso-dep/ndef.ts";
import { readIsoDep } from "./iso-dep/read-iso-dep.ts";
import { parseNdefMessage } from "./ndef.ts";
import type { KeySet } from "./ntag424/key-set.ts";
import { originalityOf } from "./originality/originality.ts";
import { readSignatureThrough } from "./read-signature.ts";
import { isSigned, isType2, refineType2, technologyOfAtr } from "./technology.ts";
import { locateNdef, parseCapabilityContainer } from "./type2-memory.ts";

/** What was read off a card: raw facts, not yet judged. */
export interface CardFacts {
  /** Upper-case hexadecimal. */
  readonly uid: string;
  readonly technology: string;
  readonly ndef: readonly NdefRecord[];
  readonly credentials?: readonly NfcCredential[];
  readonly originality?: "valid" | "forged";
}

/** How reading a card ended: in facts, or in a reason why there are none to be taken from it. */
export type CardReading =
  | { readonly status: "read"; readonly facts: CardFacts }
  | { readonly status: "unsuitable"; readonly reason: ErrorCode; readonly technology: string };

/** What cards are asked for, and with which keys. */
export interface CardTools {
  readonly clock: Clock;
  /** In order, of cards that speak ISO-DEP. */
  readonly applets: readonly Applet[];
  /** Keys of SUN messages, wherever they turn up. */
  readonly keySets: readonly KeySet[];
}

/** The card answered, and the answer is no use: another try may go better. */
class CardRefused extends Error {
  override readonly name = "CardRefused";
}

/** Readers pass on what a Type 2 READ gives: four pages (Type 2 Tag 1.2, 5.1). More in one APDU is refused by most. */
const readBytes = 16;
const pageBytes = 4;

/**
 * Reads what a card has. Of a Type 2 tag UID and NDEF with as few APDUs as the data allows: one for the UID, one for the capability
 * container with the first 12 bytes of the data area, then 16 bytes each until the NDEF message is complete; and, where the reader
 * `passesThrough` commands, its originality signature. Of an ISO-DEP card what the applets find. A tag without valid NDEF has none: that
 * is no error. A random UID alone is nothing to go by. Rejects when the UID cannot be had, or when the card goes away in mid-read.
 */
export async function readCard(
  atr: Uint8Array,
  transmit: Transmit,
  tools: CardTools,
  passesThrough: boolean,
): Promise<CardReading> {
  const uid = await readUid(transmit);
  const technology = technologyOfAtr(atr);
  if (technology === "iso-dep") return await readChipCard(uid, transmit, tools);
  const tag = isType2(technology) ? await readType2(technology, transmit) : { technology, ndef: [] };
  const { sun, ndef } = takeSun(tag.ndef, tools.keySets, uid);
  const signature = passesThrough && isSigned(tag.technology) ? await readSignatureThrough(transmit) : undefined;
  return judged({
    uid,
    technology: tag.technology,
    ndef,
    ...(sun && { credentials: [copied(sun)] }),
    ...(signature && { originality: originalityOf(Buffer.from(uid, "hex"), signature) }),
  });
}

async function readChipCard(uid: string, transmit: Transmit, { applets, clock }: CardTools): Promise<CardReading> {
  const { refusal, ndef = [], ...rest } = await readIsoDep(applets, transmit, uid, clock);
  if (refusal !== undefined) return { status: "unsuitable", reason: refusal, technology: rest.technology };
  return judged({ uid, ndef, ...rest });
}

function judged(facts: CardFacts): CardReading {
  const isNobody = isRandomUid(facts.uid) && facts.ndef.length === 0 && facts.credentials === undefined;
  if (!isNobody) return { status: "read", facts };
  return { status: "unsuitable", reason: "NFC_NOTHING_USABLE", technology: facts.technology };
}

/** The chips that make SUN messages speak ISO-DEP: on any other tag it is a copy, however well its MAC fits. */
function copied(sun: SunMessage): SunMessage {
  const { fileData: _, ...rest } = sun;
  return sun.isAuthentic ? { ...rest, isAuthentic: false, fault: "copied" } : sun;
}

async function readType2(technology: string, transmit: Transmit): Promise<Pick<CardFacts, "technology" | "ndef">> {
  const start = await readPages(transmit, 3);
  const container = start && parseCapabilityContainer(start);
  if (!start || !container) return { technology, ndef: [] };
  const message = await readNdef(transmit, start.subarray(pageBytes), container.dataAreaBytes);
  const parsed = message && parseNdefMessage(message);
  return { technology: refineType2(technology, start[2] ?? 0), ndef: parsed?.ok === true ? parsed.records : [] };
}

/** GET DATA, UID (PC/SC part 3, 3.2.2.1.3). */
async function readUid(transmit: Transmit): Promise<string> {
  const response = await transmit(Uint8Array.of(0xff, 0xca, 0x00, 0x00, 0x00), 16);
  const uid = dataOf(response);
  if (!uid || ![4, 7, 10].includes(uid.length)) throw new CardRefused("the card gave no UID");
  return Buffer.from(uid).toString("hex").toUpperCase();
}

/** READ BINARY from a page (PC/SC part 3, 3.2.2.1.8); `undefined` when the card refuses, e.g. past its end. */
async function readPages(transmit: Transmit, page: number): Promise<Uint8Array | undefined> {
  const data = dataOf(await transmit(Uint8Array.of(0xff, 0xb0, 0x00, page, readBytes), readBytes + 2));
  return data?.length === readBytes ? data : undefined;
}

async function readNdef(transmit: Transmit, first: Uint8Array, dataAreaBytes: number): Promise<Uint8Array | undefined> {
  let area = first;
  for (;;) {
    const place = locateNdef(area, dataAreaBytes);
    if (place.state === "found") return area.subarray(place.start, place.end);
    if (place.state === "none") return undefined;
    const next = await readPages(transmit, 4 + area.length / pageBytes);
    if (!next) return undefined;
    area = Buffer.concat([area, next]);
  }
}
