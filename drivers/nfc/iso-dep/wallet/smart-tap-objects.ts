import { nameOf, parseRecords, recordFormat, recordNamed, type WalletRecord } from "./nested-records.ts";

/** One object of the wallet, with the value that tells whose it is. */
export interface ServiceObject {
  readonly objectType: string;
  readonly value: string;
}

/** Objects that say who somebody is, by record name, and the record with the value in order of preference. */
const kinds: Readonly<Record<string, { readonly objectType: string; readonly fields: readonly string[] }>> = {
  ly: { objectType: "loyalty", fields: ["n", "oid"] },
  gr: { objectType: "generic", fields: ["n", "oid"] },
  cus: { objectType: "customer", fields: ["cid"] },
};

/** Data format of a value, in its first byte (kormax/google-smart-tap, README, "Data format"). */
const dataFormat = { unspecified: 0, ascii: 1, utf8: 2, utf16: 3, binary: 4, bcd: 5 } as const;

/**
 * The loyalty, generic and customer objects of an opened bundle (Google's reference, "Service object records"), loyalty first; a value
 * that cannot be read is left out with its object. `undefined` when the bundle is no valid message. Never throws.
 */
export function parseServiceObjects(message: Uint8Array): readonly ServiceObject[] | undefined {
  if (message.length === 0) return [];
  const services = parseRecords(message)?.filter((record) => nameOf(record) === "asv");
  if (!services) return undefined;
  const contents = services.map((service) => parseRecords(service.payload));
  if (contents.includes(undefined)) return undefined;
  const order = Object.keys(kinds);
  return contents
    .flatMap((records) => records ?? [])
    .filter((record) => order.includes(nameOf(record)))
    .toSorted((a, b) => order.indexOf(nameOf(a)) - order.indexOf(nameOf(b)))
    .flatMap(readObject);
}

function readObject(record: WalletRecord): readonly ServiceObject[] {
  const kind = kinds[nameOf(record)];
  const fields = parseRecords(record.payload);
  const [value] = (kind?.fields ?? []).map((name) => textOf(recordNamed(fields, name))).filter(Boolean);
  return kind && value !== undefined ? [{ objectType: kind.objectType, value }] : [];
}

/** A value as text: an NDEF text, characters as they are, digits from BCD, upper-case hexadecimal for binary. */
function textOf(record: WalletRecord | undefined): string | undefined {
  const [first = -1] = record?.payload ?? [];
  if (!record || first < 0) return undefined;
  if (record.format === recordFormat.wellKnown) {
    if (record.type !== "T") return undefined;
    // RTD Text 1.0, 3.2: bit 7 UTF-16, bits 5..0 length of the language code.
    const text = record.payload.subarray(1 + (first & 0x3f));
    return (first & 0x80) === 0 ? decode(text, "utf-8") : decodeUtf16(text);
  }
  const value = record.payload.subarray(1);
  const digits = Buffer.from(value).toString("hex");
  if (first === dataFormat.binary) return digits.toUpperCase();
  if (first === dataFormat.bcd) return /^(\d*)f?$/.exec(digits)?.[1];
  if (first === dataFormat.utf16) return decodeUtf16(value);
  return first <= dataFormat.utf8 ? decode(value, "utf-8") : undefined;
}

/** Big-endian unless a byte order mark says otherwise (RTD Text 1.0, 3.4). */
function decodeUtf16(bytes: Uint8Array): string | undefined {
  return decode(bytes, bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-16be");
}

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
