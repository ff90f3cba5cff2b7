import type { PageFile } from "./page-file.ts";
import { pageSize } from "./sqlite.native.ts";

/** A value of a SQLite record. */
export type Value = null | number | string | Buffer;

/** A row of some table, found on a page without knowing which table it belongs to. */
export interface FoundRow {
  readonly rowid: number;
  readonly values: readonly Value[];
}

const tableLeaf = 0x0d;

/** No row of ours is longer, */
const longestRecord = 16 * 1024 * 1024;

/** or has more values. */
const mostValues = 7;

/**
 * The rows on a page that is a leaf of a table (SQLite file format, section 1.6), with their cell numbers; a row that makes no sense is
 * left out.
 */
export function* rowsOn(file: PageFile, number: number): Generator<readonly [cell: number, row: FoundRow]> {
  const page = file.page(number);
  const start = number === 1 ? 100 : 0;
  if (page?.[start] !== tableLeaf) return;
  const count = Math.min(page.readUInt16BE(start + 3), (pageSize - start - 8) >> 1);
  for (let cell = 0; cell < count; cell += 1) {
    const row = rowAt(file, number, cell);
    if (row !== undefined) yield [cell, row];
  }
}

/** One row by page and cell number. */
export function rowAt(file: PageFile, number: number, cell: number): FoundRow | undefined {
  const page = file.page(number);
  if (page === undefined) return undefined;
  try {
    const bytes = new Reader(page, page.readUInt16BE((number === 1 ? 100 : 0) + 8 + 2 * cell));
    const length = bytes.varint();
    const rowid = bytes.varint();
    const record = payload(file, page, bytes.at, length);
    return record === undefined ? undefined : { rowid, values: valuesOf(record) };
  } catch {
    // Offsets that lead out of the page: what stands there is no row.
    return undefined;
  }
}

/** The record of a cell, with its overflow pages (section 1.6, "payload overflow"). */
function payload(file: PageFile, page: Buffer, at: number, length: number): Buffer | undefined {
  if (length > longestRecord) return undefined;
  if (length <= pageSize - 35) return at + length <= pageSize ? page.subarray(at, at + length) : undefined;
  const least = Math.floor(((pageSize - 12) * 32) / 255) - 23;
  const spread = least + ((length - least) % (pageSize - 4));
  const local = spread <= pageSize - 35 ? spread : least;
  const parts = [page.subarray(at, at + local)];
  let missing = length - local;
  for (let next = page.readUInt32BE(at + local); missing > 0;) {
    const overflow = file.page(next);
    if (overflow === undefined) return undefined;
    const part = overflow.subarray(4, 4 + Math.min(missing, pageSize - 4));
    parts.push(part);
    missing -= part.length;
    next = overflow.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

/** The values of a record (section 2.1). Throws a RangeError when it does not fill its length exactly. */
function valuesOf(record: Buffer): Value[] {
  const header = new Reader(record, 0);
  const end = header.varint();
  const body = new Reader(record, end);
  const values: Value[] = [];
  while (header.at < end && values.length < mostValues) values.push(body.value(header.varint()));
  if (header.at !== end || body.at !== record.length) throw new RangeError("values that do not fill their record");
  return values;
}

class Reader {
  readonly #bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  /** Exact up to 2^53, which no number of ours exceeds. */
  varint(): number {
    let value = 0;
    for (let count = 0; count < 8; count += 1) {
      const byte = this.#bytes.readUInt8(this.at);
      this.at += 1;
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    throw new RangeError("a varint of nine bytes");
  }

  value(type: number): Value {
    if (type === 0) return null;
    if (type <= 4) return this.#take(type).readIntBE(0, type);
    if (type === 5) return this.#take(6).readIntBE(0, 6);
    if (type === 6) return Number(this.#take(8).readBigInt64BE(0));
    if (type === 7) return this.#take(8).readDoubleBE(0);
    if (type <= 9) return type - 8;
    const bytes = this.#take((type - (type % 2 === 0 ? 12 : 13)) / 2);
    return type % 2 === 0 ? bytes : bytes.toString("utf8");
  }

  #take(length: number): Buffer {
    const bytes = this.#bytes.subarray(this.at, this.at + length);
    if (length < 0 || bytes.length < length) throw new RangeError("a value leads out of its record");
    this.at += length;
    return bytes;
  }
}
