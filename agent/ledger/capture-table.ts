import { asDeviceId, asLaneId, asStreamId, type StreamId } from "../core/ids.ts";
import type { CapturedBytes, PendingStream } from "../core/ledger.ts";
import type { Sqlite } from "./sqlite.native.ts";

interface StreamRow {
  number: number;
  stream_id: string;
  device_id: string;
  lane_id: string;
  received_to: number;
  settled_to: number;
}

interface CaptureRow {
  byte_offset: number;
  wall_ms: number;
  monotonic_ms: number;
  boot_id: string;
  trusted: number;
  bytes: Buffer;
}

/** Print bytes on disk. Writes happen inside the caller's transaction. */
export class CaptureTable {
  readonly #addStream;
  readonly #stream;
  readonly #insert;
  readonly #received;
  readonly #settled;
  readonly #unsettled;
  readonly #chunks;

  constructor(database: Sqlite) {
    this.#addStream = database.prepare<[string, string, string]>(
      "INSERT INTO stream (stream_id, device_id, lane_id) VALUES (?, ?, ?)",
    );
    this.#stream = database.prepare<[string], StreamRow>("SELECT * FROM stream WHERE stream_id = ?");
    this.#insert = database.prepare<[number, number, number, number, string, number, Uint8Array]>(
      "INSERT INTO capture (stream, byte_offset, wall_ms, monotonic_ms, boot_id, trusted, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    this.#received = database.prepare<[number, number]>("UPDATE stream SET received_to = ? WHERE number = ?");
    this.#settled = database.prepare<[number, string]>(
      "UPDATE stream SET settled_to = max(settled_to, ?) WHERE stream_id = ?",
    );
    this.#unsettled = database.prepare<[], StreamRow>(
      "SELECT * FROM stream WHERE settled_to < received_to ORDER BY number",
    );
    // From the last piece that begins before the stretch: a serial port may have been open for a year.
    this.#chunks = database.prepare<[number, number, number, number, number], CaptureRow>(
      `SELECT byte_offset, wall_ms, monotonic_ms, boot_id, trusted, bytes FROM capture
       WHERE stream = ? AND byte_offset < ? AND byte_offset + length(bytes) > ?
         AND byte_offset >= (SELECT coalesce(max(byte_offset), 0) FROM capture WHERE stream = ? AND byte_offset <= ?)
       ORDER BY byte_offset`,
    );
  }

  /** Keeps a piece of a stream. Pieces come in order and without gaps; a gap is refused by an error. */
  keep(piece: CapturedBytes): void {
    let stream = this.#stream.get(piece.streamId);
    if (stream === undefined) {
      this.#addStream.run(piece.streamId, piece.deviceId, piece.laneId);
      stream = this.#stream.get(piece.streamId);
    }
    if (stream === undefined || stream.received_to !== piece.offset) {
      throw new Error(`stream ${piece.streamId}: bytes at ${piece.offset} do not follow ${stream?.received_to ?? 0}`);
    }
    const { at } = piece;
    const trusted = at.trusted ? 1 : 0;
    this.#insert.run(stream.number, piece.offset, at.wallMs, at.monotonicMs, at.bootId, trusted, piece.bytes);
    this.#received.run(piece.offset + piece.bytes.length, stream.number);
  }

  /** Notes that the bytes before `upTo` are accounted for. */
  settle(streamId: StreamId, upTo: number): void {
    this.#settled.run(upTo, streamId);
  }

  /** Stream position after the last kept byte. */
  received(streamId: StreamId): number {
    return this.#stream.get(streamId)?.received_to ?? 0;
  }

  /** Streams with bytes that nothing accounts for, each from the first such byte on. Bytes are read when they are asked for. */
  pending(): PendingStream[] {
    const chunksOf = (stream: StreamRow): CapturedBytes[] =>
      this.#pieces(stream, stream.settled_to, stream.received_to);
    return this.#unsettled.all().map((stream) => ({
      streamId: asStreamId(stream.stream_id),
      deviceId: asDeviceId(stream.device_id),
      laneId: asLaneId(stream.lane_id),
      get chunks() {
        return chunksOf(stream);
      },
    }));
  }

  /** The kept bytes of a stretch of a stream; what is no longer kept is left out. */
  bytes(streamId: StreamId, startOffset: number, endOffset: number): Uint8Array {
    const stream = this.#stream.get(streamId);
    if (stream === undefined) return new Uint8Array(0);
    return Buffer.concat(this.#pieces(stream, startOffset, endOffset).map((piece) => piece.bytes));
  }

  #pieces(stream: StreamRow, from: number, to: number): CapturedBytes[] {
    return this.#chunks.all(stream.number, to, from, stream.number, from).map((row) => {
      const skip = Math.max(0, from - row.byte_offset);
      return {
        streamId: asStreamId(stream.stream_id),
        deviceId: asDeviceId(stream.device_id),
        laneId: asLaneId(stream.lane_id),
        offset: row.byte_offset + skip,
        bytes: row.bytes.subarray(skip, Math.min(row.bytes.length, to - row.byte_offset)),
        at: {
          wallMs: row.wall_ms,
          monotonicMs: row.monotonic_ms,
          bootId: row.boot_id,
          trusted: row.trusted === 1,
        },
      };
    });
  }
}
