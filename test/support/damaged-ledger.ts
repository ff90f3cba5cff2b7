import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";
import type { StoredEntry } from "../../agent/core/entry.ts";
import { asSeq } from "../../agent/core/ids.ts";
import { entrySeal } from "../../agent/entry-seal.ts";
import { SqliteLedger } from "../../agent/ledger/sqlite-ledger.ts";
import { verifyChain } from "../../agent/ledger/verify-chain.ts";
import { piece, touchDraft } from "./entries.ts";

const pageSize = 8192;

/** The seal of every ledger here. */
export const seal = entrySeal("0117-a");

/** A closed ledger with some entries (every seventh longer than a page), 80 of them acknowledged, and a stream with open bytes. */
export async function madeLedger(file: string, count = 120): Promise<readonly StoredEntry[]> {
  using ledger = SqliteLedger.open(file, seal);
  for (let n = 1; n <= count; n += 1) {
    const text = "x".repeat(n % 7 === 0 ? 20_000 : 400);
    const captured = [piece("stream-1", (n - 1) * 100, String(n).padStart(100, "."))];
    await ledger.write({ drafts: [touchDraft(`touch-${n}`, text)], captured });
  }
  const acked = ledger.read(asSeq(0), Math.min(80, count)).at(-1);
  ledger.acknowledge({ epoch: ledger.epoch().epoch, seq: acked!.seq, hash: acked!.hash });
  await ledger.write({ drafts: [touchDraft("last")] });
  return ledger.read(asSeq(0), count + 1);
}

/** The idempotency key of an entry. */
export const keyOf = ({ bytes }: StoredEntry): string => seal.decode(bytes).key;

/** Checks that the chain holds, that every entry names its own place, that the watermark stands on the chain, and that the ledger takes more. */
export async function expectToWork(ledger: SqliteLedger): Promise<void> {
  const before = ledger.head().seq;
  await ledger.write({ drafts: [touchDraft("after")] });
  expect(await verifyChain(ledger, seal)).toEqual({ ok: true, entries: before + 1 });
  const places = ledger.read(asSeq(0), 200).map(({ seq, bytes }) => [seq, sequenceOf(bytes)]);
  expect(places.filter(([seq, sequence]) => String(seq) !== sequence)).toEqual([]);
  const { seq, hash } = ledger.watermark();
  expect(seq === 0 ? hash : ledger.read(asSeq(seq - 1), 1)[0]?.hash).toEqual(hash);
}

function sequenceOf(bytes: Uint8Array): unknown {
  return (JSON.parse(Buffer.from(bytes).toString("utf8")) as { sequence: unknown }).sequence;
}

/** Overwrites bytes of a file, with random ones unless told. */
export function overwrite(file: string, offset: number, length: number, filler: Buffer = randomBytes(length)): void {
  const bytes = readFileSync(file);
  filler.copy(bytes, offset, 0, length);
  writeFileSync(file, bytes);
}

/** Overwrites a page by its number from 1. */
export function overwritePage(file: string, page: number, filler?: Buffer): void {
  overwrite(file, (page - 1) * pageSize, pageSize, filler);
}
