import { createHash } from "node:crypto";
import { asStreamId, type DeviceId, type StreamId } from "../../agent/core/ids.ts";

/** What tells one file from another without reading it. */
export interface FileSign {
  readonly name: string;
  readonly size: bigint;
  readonly mtimeNs: bigint;
}

/** What stays the same of a journal however it grows and whatever it is called. */
export interface JournalSign {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly birthtimeNs: bigint;
}

/**
 * The stream that a whole file is. It follows from name, size and time of the last change, so that a file which was read once is known
 * again, by the ledger itself, after a restart. A file that is written anew under the same name is another stream.
 */
export function fileStream(deviceId: DeviceId, { name, size, mtimeNs }: FileSign): StreamId {
  return named("file/1", deviceId, name, String(size), String(mtimeNs));
}

/** The stream that a journal is, from its beginning or from the `generation`-th time that it began anew (it was emptied, not replaced). */
export function journalStream(
  deviceId: DeviceId,
  { dev, ino, birthtimeNs }: JournalSign,
  generation: number,
): StreamId {
  return named("journal/1", deviceId, String(dev), String(ino), String(birthtimeNs), String(generation));
}

/** A UUID of the version for one's own schemes (RFC 9562, 5.8) that depends on nothing but the words. */
function named(...words: readonly string[]): StreamId {
  const digest = createHash("sha256").update(JSON.stringify(words)).digest();
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = digest.toString("hex", 0, 16);
  return asStreamId([hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-"));
}
