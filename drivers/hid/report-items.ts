/** One short item of a report descriptor. */
export interface HidItem {
  /** Tag and type, the two size bits cleared. */
  readonly tag: number;
  /** Bytes of its value: 0, 1, 2 or 4. */
  readonly size: number;
  readonly unsigned: number;
  readonly signed: number;
}

/** The prefix of a long item (HID 1.11, 6.2.2.3): its size follows. */
const longItem = 0xfe;

/** The items of a report descriptor in order; `undefined` as the last one where the bytes end within an item. Long items are passed over. */
export class ItemReader implements Iterable<HidItem | undefined> {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  *[Symbol.iterator](): Generator<HidItem | undefined, void> {
    const bytes = this.#bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (at < bytes.length) {
      const prefix = bytes[at] ?? 0;
      const isLong = prefix === longItem;
      const size = isLong ? 2 + (bytes[at + 1] ?? 0) : ([0, 1, 2, 4][prefix & 3] ?? 0);
      if (at + 1 + size > bytes.length) {
        yield undefined;
        return;
      }
      if (!isLong) yield { tag: prefix & 0xfc, size, ...valueAt(view, at + 1, size) };
      at += 1 + size;
    }
  }
}

function valueAt(view: DataView, at: number, size: number): { unsigned: number; signed: number } {
  if (size === 1) return { unsigned: view.getUint8(at), signed: view.getInt8(at) };
  if (size === 2) return { unsigned: view.getUint16(at, true), signed: view.getInt16(at, true) };
  if (size === 4) return { unsigned: view.getUint32(at, true), signed: view.getInt32(at, true) };
  return { unsigned: 0, signed: 0 };
}
