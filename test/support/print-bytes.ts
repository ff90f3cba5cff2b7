import type { Observation, PrintBytes } from "../../agent/core/observation.ts";

/** Joins the print bytes of each stream, checking that they are without gaps or overlaps; retried offers count once. */
export function joinedStreams(observations: readonly Observation[]): Map<string, Buffer> {
  const pieces = observations.filter((each): each is PrintBytes => each.kind === "print-bytes");
  return new Map(
    [...Map.groupBy(pieces, ({ streamId }) => streamId)].map(([streamId, ofStream]) => [streamId, joined(ofStream)]),
  );
}

function joined(pieces: readonly PrintBytes[]): Buffer {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (const { offset, bytes } of pieces) {
    if (offset + bytes.length <= length) continue;
    if (offset !== length) throw new Error(`a gap: ${length} bytes, then offset ${offset}`);
    parts.push(bytes);
    length += bytes.length;
  }
  return Buffer.concat(parts);
}

/** The bytes of the only stream. */
export function onlyStream(observations: readonly Observation[]): Buffer {
  const streams = [...joinedStreams(observations).values()];
  if (streams.length > 1) throw new Error(`${streams.length} streams instead of one`);
  return streams[0] ?? Buffer.alloc(0);
}
