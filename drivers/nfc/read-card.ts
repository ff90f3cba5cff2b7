import type { NdefRecord } from "../../agent/core/observation.ts";
import { parseNdefMessage } from "./ndef.ts";
import { isType2, refineType2, technologyOfAtr } from "./technology.ts";
import { locateNdef, parseCapabilityContainer } from "./type2-memory.ts";

/** Sends one APDU to the card on the reader and resolves to data and status word. Rejects when the card or the reader is gone. */
export type Transmit = (apdu: Uint8Array, maxResponseBytes: number) => Promise<Uint8Array>;

/** What was read off a card: raw facts, not yet judged. */
export interface CardFacts {
  /** Upper-case hexadecimal. */
  readonly uid: string;
  readonly technology: string;
  readonly ndef: readonly NdefRecord[];
}

/** The card answered, and the answer is no use: another try may go better. */
class CardRefused extends Error {
  override readonly name = "CardRefused";
}

/** Readers pass on what a Type 2 READ gives: four pages (Type 2 Tag 1.2, 5.1). More in one APDU is refused by most. */
const readBytes = 16;
const pageBytes = 4;

/**
 * Reads UID and NDEF with as few APDUs as the data allows: one for the UID, one for the capability container with the first
 * 12 bytes of the data area, then 16 bytes each until the NDEF message is complete. A tag without valid NDEF has none: that is
 * no error. Rejects when the UID cannot be had, or when the card goes away in mid-read.
 */
export async function readCard(atr: Uint8Array, transmit: Transmit): Promise<CardFacts> {
  const uid = await readUid(transmit);
  const technology = technologyOfAtr(atr);
  if (!isType2(technology)) return { uid, technology, ndef: [] };
  const start = await readPages(transmit, 3);
  const container = start && parseCapabilityContainer(start);
  if (!start || !container) return { uid, technology, ndef: [] };
  const message = await readNdef(transmit, start.subarray(pageBytes), container.dataAreaBytes);
  const parsed = message && parseNdefMessage(message);
  return { uid, technology: refineType2(technology, start[2] ?? 0), ndef: parsed?.ok === true ? parsed.records : [] };
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

function dataOf(response: Uint8Array): Uint8Array | undefined {
  const ok = response.at(-2) === 0x90 && response.at(-1) === 0x00;
  return ok ? response.subarray(0, -2) : undefined;
}
