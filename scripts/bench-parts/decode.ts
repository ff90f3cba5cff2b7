import Npos from "npos/lib/parser/index.js";
import { readProfiles } from "../../agent/profiles-on-disk.ts";
import { decodeCapture } from "../../agent/receipts/decode.ts";
import { CharsetCache } from "../../drivers/printer/decoder/charset-cache.ts";
import { createPrintDecoder } from "../../drivers/printer/decoder/print-decoder.ts";
import { receiptStreams } from "./receipt-streams.ts";
import { medianOfRounds, type Measurement } from "./rounds.ts";

/** Rates in MB a second of processor time, and what they were taken with. */
export interface DecodeRates {
  /** Where the streams are from. */
  readonly from: string;
  /** Bytes to events, one stream after the other on one line, in pieces of 4 KiB. */
  readonly decode: number;
  /** Bytes to transactions: decoder, splitter and profiles, a capture a stream. */
  readonly transactions: number;
  /** How many of the streams npos can read. */
  readonly shared: number;
  /** Bytes to events on those, each with a decoder of its own. */
  readonly decodeShared: number;
  /** npos on the same: its `parse`. */
  readonly npos: number;
}

const piece = 4096;
/** How long one measurement takes, in processor time. */
const spanMs = 300;

/** Measures the decoder, and npos beside it. */
export async function decodeRates(rounds: number): Promise<DecodeRates> {
  const { from, streams } = receiptStreams();
  const npos = new Npos();
  const shared = streams.filter((stream) => npos.analyze(stream).error === undefined);
  const charsets = new CharsetCache();
  const newDecoder = (startOffset: number) => createPrintDecoder({ startOffset, charsets });
  const line = newDecoder(0);
  // The pair by itself: neither has the other streams behind it.
  const pair = await medianOfRounds(
    {
      decodeShared: rateOn(shared, (bytes) => {
        const decoder = newDecoder(0);
        decoder.feed(bytes);
        decoder.end();
      }),
      npos: rateOn(shared, (bytes) => npos.parse(bytes, {}, () => {})),
    },
    rounds,
  );
  const { decode } = await medianOfRounds(
    { decode: rateOn(pieces(Buffer.concat(streams)), (bytes) => line.feed(bytes)) },
    rounds,
  );
  // Last, for it fills the memory that the others would have to clean up.
  const profiles = readProfiles();
  const read = rateOn(streams, (bytes) => decodeCapture(bytes, { profiles, newDecoder }));
  const { transactions } = await medianOfRounds({ transactions: read }, rounds);
  return { from, shared: shared.length, decode, ...pair, transactions };
}

function pieces(bytes: Buffer): readonly Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / piece) }, (_, i) => bytes.subarray(i * piece, (i + 1) * piece));
}

/** Reads the streams again and again. By the clock of this thread's processor time: what else the machine does counts for nobody. */
function rateOn(streams: readonly Buffer[], read: (bytes: Buffer) => void): Measurement {
  return async () => {
    const began = threadMs();
    let bytes = 0;
    do {
      for (const stream of streams) {
        read(stream);
        bytes += stream.length;
      }
    } while (threadMs() - began < spanMs);
    return await Promise.resolve(bytes / 1000 / (threadMs() - began));
  };
}

function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
