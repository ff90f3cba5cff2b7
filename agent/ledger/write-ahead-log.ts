import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const headerBytes = 32;
const frameHeaderBytes = 24;

/** Says that checksums are made of little-endian words, as on every machine storeloop runs on. */
const magic = 0x377f0682;

/** What a write-ahead log says over the file it belongs to. */
export interface LogPages {
  /** Offset in the log of the newest copy of a page, by page number. */
  readonly offsets: ReadonlyMap<number, number>;
  /** Offsets of copies of pages that have a newer one, then of damaged ones. */
  readonly older: readonly number[];
  /**
   * Whether SQLite would read less than was once committed. A log that ends in the middle of its last commit is none: a power cut leaves
   * that, and nobody was told that the commit is durable.
   */
  readonly isDamaged: boolean;
}

interface Frame {
  readonly salts: Buffer;
  readonly page: number;
  readonly isCommit: boolean;
  /** Offset of the page's content. */
  readonly offset: number;
  /** Whether its checksum follows from the one written in the frame before. */
  readonly follows: boolean;
}

/**
 * Finds the committed pages of a SQLite write-ahead log (SQLite file format, section 4), those behind a damaged frame too: each frame
 * is judged by the checksum written in the frame before it. A log that is not there has none.
 */
export function readLogPages(file: string, pageSize: number): LogPages {
  let descriptor;
  try {
    descriptor = openSync(file, "r");
  } catch {
    return { offsets: new Map(), older: [], isDamaged: false };
  }
  try {
    return scan(descriptor, pageSize);
  } finally {
    closeSync(descriptor);
  }
}

function scan(descriptor: number, pageSize: number): LogPages {
  const header = bytesAt(descriptor, 0, headerBytes);
  const isHeader =
    header.readUInt32BE(0) === magic && checksum(Buffer.alloc(8), [header.subarray(0, 24)]).equals(header.subarray(24));
  const frames = readFrames(descriptor, header, pageSize);
  // A log is begun anew at its front: behind the frames of this round stand those of an earlier one, with other salts.
  const salts = isHeader ? header.subarray(16, 24) : (frames.find(({ follows }) => follows) ?? frames[0])?.salts;
  const offsets = new Map<number, number>();
  const older: number[] = [];
  const bad: number[] = [];
  let open: Frame[] = [];
  let isDamaged = !isHeader && frames.length > 0;
  let isPrevious = isHeader;
  let damage: "none" | "met" | "before-a-commit" = "none";
  for (const frame of frames) {
    const isOfRound = salts?.equals(frame.salts) === true;
    const isGood = isOfRound && frame.follows;
    // After a bad frame the next one cannot be told: its rows are proved one by one.
    const isBad = !isOfRound || (isPrevious && !frame.follows);
    isPrevious = isGood;
    if (isBad && damage === "none") damage = "met";
    if (isBad && isOfRound) bad.push(frame.offset);
    if (isBad) continue;
    // SQLite begins a commit after the one before is on the disk.
    isDamaged ||= damage === "before-a-commit";
    open.push(frame);
    if (!frame.isCommit) continue;
    if (damage === "met") damage = "before-a-commit";
    for (const { page, offset } of open) {
      const before = offsets.get(page);
      if (before !== undefined) older.push(before);
      offsets.set(page, offset);
    }
    open = [];
  }
  return { offsets, older: [...older, ...bad], isDamaged };
}

function readFrames(descriptor: number, header: Buffer, pageSize: number): Frame[] {
  const { size } = fstatSync(descriptor);
  const length = frameHeaderBytes + pageSize;
  const frames: Frame[] = [];
  let sum = header.subarray(24);
  for (let at = headerBytes; at + length <= size; at += length) {
    const frame = bytesAt(descriptor, at, length);
    const follows = checksum(sum, [frame.subarray(0, 8), frame.subarray(frameHeaderBytes)]);
    sum = Buffer.from(frame.subarray(16, 24));
    frames.push({
      salts: Buffer.from(frame.subarray(8, 16)),
      page: frame.readUInt32BE(0),
      isCommit: frame.readUInt32BE(4) !== 0,
      offset: at + frameHeaderBytes,
      follows: follows.equals(sum),
    });
  }
  // Where nothing but zeros came to the disk, nothing was committed.
  return frames.some(({ page }) => page > 0) ? frames : [];
}

/** Bytes of a file; zeros where there are none or the disk cannot read them. */
function bytesAt(descriptor: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  try {
    readSync(descriptor, bytes, 0, length, at);
  } catch {
    bytes.fill(0);
  }
  return bytes;
}

/** The cumulative checksum of section 4.2. */
function checksum(before: Buffer, parts: readonly Buffer[]): Buffer {
  let first = before.readUInt32BE(0);
  let second = before.readUInt32BE(4);
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 8) {
      first = (first + part.readUInt32LE(at) + second) >>> 0;
      second = (second + part.readUInt32LE(at + 4) + first) >>> 0;
    }
  }
  const sum = Buffer.alloc(8);
  sum.writeUInt32BE(first, 0);
  sum.writeUInt32BE(second, 4);
  return sum;
}
