import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeAck, parseAck, type WireAck } from "../../../../sync/protocol/ack.ts";
import { encodeBatch, parseBatch } from "../../../../sync/protocol/batch.ts";
import { chainHash } from "../../../../sync/protocol/chain.ts";
import { ChainWriter } from "../../../../sync/protocol/chain-writer.ts";
import { encodeEvent, eventSource, type EventEntry } from "../../../../sync/protocol/encode-event.ts";
import { readEvent } from "../../../../sync/protocol/read-event.ts";
import { encodeState, parseState, type WireState } from "../../../../sync/protocol/state.ts";
import { topicsUnder } from "../../../../sync/protocol/topics.ts";

const lineFeed = 0x0a;
const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const seq = fc.nat({ max: 2 ** 50 });
const anyText = fc.string({ unit: "binary", minLength: 1 });

const entry: fc.Arbitrary<EventEntry> = fc.record({
  id: fc.uuid(),
  seq,
  kind: fc.constantFrom("transaction", "touch", "transaction.repeat"),
  key: fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.includes("\0")),
  at: fc.record({ wallMs: fc.double(), monotonicMs: fc.double(), bootId: fc.uuid(), trusted: fc.boolean() }),
  data: fc.dictionary(anyText, fc.oneof(anyText, fc.integer(), fc.boolean(), fc.array(anyText))),
});

const epoch = fc.record({ epoch: name, firstSeq: seq.map((value) => value + 1), baseHash: hash });
const ack: fc.Arbitrary<WireAck> = fc.record({
  status: fc.constantFrom("ok", "gap", "fork"),
  epoch: name,
  seq,
  hash,
});
const state: fc.Arbitrary<WireState> = fc.oneof(
  fc.record({ state: fc.constant("offline" as const), agent: name }),
  fc.record({
    state: fc.constant("online" as const),
    agent: name,
    agentVersion: fc.string({ maxLength: 40 }),
    epoch,
    headSeq: seq,
    watermark: fc.record({ seq, hash }),
  }),
);

const batch = fc.record({
  agent: name,
  epoch,
  ahead: fc.nat({ max: 1_000_000 }),
  previousHash: hash,
  entries: fc.array(entry, { minLength: 1, maxLength: 20 }),
});

/** A batch as an agent would send it. */
function encoded(value: typeof batch extends fc.Arbitrary<infer T> ? T : never): Uint8Array {
  const lines = value.entries.map((one) => encodeEvent(one, eventSource(value.agent)));
  const lastHash = lines.reduce((previous, line) => chainHash(previous, line), value.previousHash as Uint8Array);
  return encodeBatch({ ...value, firstSeq: value.epoch.firstSeq + value.ahead, lastHash }, lines);
}

describe("an encoded event", () => {
  it("is one line, whatever the entry holds", () => {
    fc.assert(fc.property(entry, (one) => !encodeEvent(one, "/storeloop/a").includes(lineFeed)));
  });

  it("reads back as what was written, with a time that RFC 3339 can say", () => {
    fc.assert(
      fc.property(entry, (one) => {
        const event = readEvent(encodeEvent(one, "/storeloop/a"));
        expect(event).toMatchObject({ ok: true, value: { id: one.id, kind: one.kind, key: one.key } });
        if (event.ok) expect(event.value.data).toEqual(JSON.parse(JSON.stringify(one.data)));
      }),
    );
  });

  it("keeps a wall clock in the year 2026 to the millisecond", () => {
    const wallMs = Date.parse("2026-03-14T09:26:53.589Z");
    const one = {
      id: "i",
      seq: 1,
      kind: "touch",
      key: "k",
      at: { wallMs, monotonicMs: 1, bootId: "b", trusted: false },
    };
    expect(readEvent(encodeEvent({ ...one, data: {} }, "/storeloop/a"))).toMatchObject({
      value: { timeMs: wallMs, clockTrusted: false },
    });
  });
});

describe("the time of an event", () => {
  const read = (time: string): unknown => {
    const event = { specversion: "1.0", id: "i", type: "t", idempotencykey: "k", time, data: {} };
    const answer = readEvent(Buffer.from(JSON.stringify(event)));
    return answer.ok ? new Date(answer.value.timeMs).toISOString() : undefined;
  };

  // RFC 3339, sections 5.6 and 5.8.
  it.each([
    ["1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520Z"],
    ["1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57.000Z"],
    ["1990-12-31T23:59:60Z", "1990-12-31T23:59:59.000Z"],
    ["1990-12-31T15:59:60.5-08:00", "1990-12-31T23:59:59.500Z"],
    ["1985-04-12t23:20:50.52z", "1985-04-12T23:20:50.520Z"],
  ])("is read as RFC 3339 has it: %s", (time, expected) => {
    expect(read(time)).toBe(expected);
  });

  it.each(["2026-02-30T00:00:61Z", "2026-13-01T00:00:00Z", "2026-03-14 09:26:53Z", "0000-12-31T23:59:59Z", "tomorrow"])(
    "is none when it says %s",
    (time) => {
      expect(read(time)).toBeUndefined();
    },
  );
});

describe("an encoded event, attribute by attribute", () => {
  const anyString = fc.oneof(fc.string({ unit: "binary" }), fc.string());

  it("holds every text as JSON.stringify writes it", () => {
    fc.assert(
      fc.property(fc.record({ id: anyString, kind: anyString, key: anyString, bootId: anyString }), (texts) => {
        const { id, kind, key, bootId } = texts;
        const one = { id, seq: 7, kind, key, at: { wallMs: 0, monotonicMs: 1.5, bootId, trusted: true }, data: texts };
        const event = {
          specversion: "1.0",
          id,
          source: "/storeloop/a",
          type: `io.storeloop.${kind}.v1`,
          time: "1970-01-01T00:00:00.000Z",
          datacontenttype: "application/json",
          sequence: "7",
          idempotencykey: key,
          bootid: bootId,
          monotonicms: "1.5",
          clocktrusted: true,
          data: texts,
        };
        expect(Buffer.from(encodeEvent(one, "/storeloop/a")).toString()).toBe(JSON.stringify(event));
      }),
    );
  });

  it("holds the time as the calendar has it, to the millisecond, whichever time was written before", () => {
    const anyMs = fc.oneof(fc.double({ min: 0, max: 253_402_300_799_999, noNaN: true }), fc.nat({ max: 5000 }));
    const at = { monotonicMs: 1, bootId: "b", trusted: true };
    fc.assert(
      fc.property(fc.array(anyMs, { minLength: 1, maxLength: 5 }), (times) => {
        for (const wallMs of times) {
          const bytes = encodeEvent({ id: "i", seq: 1, kind: "k", key: "k", at: { ...at, wallMs }, data: {} }, "/s");
          expect(JSON.parse(Buffer.from(bytes).toString())).toHaveProperty("time", new Date(wallMs).toISOString());
        }
      }),
    );
  });
});

describe("a writer of chains", () => {
  const long = fc.integer({ min: 0, max: 90_000 }).map((length) => "\u{20ac}".repeat(length));
  const run = fc.record({ previous: hash, texts: fc.array(fc.oneof(anyText, anyText, long), { maxLength: 12 }) });

  it("gives the bytes and the hashes that encoding and chaining one by one give, however long they are", () => {
    const writer = new ChainWriter();
    fc.assert(
      fc.property(fc.array(run, { maxLength: 3 }), (runs) => {
        for (const { previous, texts } of runs) {
          writer.begin(previous);
          const written = texts.map((text) => writer.append(text));
          let last: Uint8Array = previous;
          for (const [index, text] of texts.entries()) {
            const bytes = Buffer.from(text);
            last = chainHash(last, bytes);
            expect(Buffer.compare(written[index]?.bytes ?? bytes.subarray(1), bytes)).toBe(0);
            expect(Buffer.compare(written[index]?.hash ?? bytes, last)).toBe(0);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it("hashes what PROTOCOL.md section 3 says", () => {
    const previous = createHash("sha256").update("before").digest();
    const writer = new ChainWriter();
    writer.begin(previous);
    const first = writer.append("one");
    const expected = createHash("sha256").update(previous).update("one").digest();
    expect(Buffer.from(first.hash)).toEqual(expected);
    expect(Buffer.from(chainHash(previous, Buffer.from("one")))).toEqual(expected);
  });
});

describe("a batch", () => {
  it("reads back entry by entry", () => {
    fc.assert(
      fc.property(batch, (value) => {
        const answer = parseBatch(encoded(value));
        if (!answer.ok) throw new Error(answer.fault.detail);
        const { entries, ...header } = answer.value;
        expect(header).toMatchObject({ agent: value.agent, epoch: value.epoch, count: value.entries.length });
        expect(entries.map((one) => one.seq)).toEqual(
          value.entries.map((_, index) => value.epoch.firstSeq + value.ahead + index),
        );
      }),
    );
  });

  it("is refused when any one byte of its events is changed", () => {
    fc.assert(
      fc.property(batch, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, place, change) => {
        const payload = Buffer.from(encoded(value));
        const body = payload.indexOf(lineFeed) + 1;
        const at = body + (place % (payload.length - body));
        payload[at] = (payload[at] ?? 0) ^ change;
        expect(parseBatch(payload).ok).toBe(false);
      }),
    );
  });

  it("is refused when it is cut short anywhere", () => {
    fc.assert(
      fc.property(batch, fc.nat(), (value, place) => {
        const payload = encoded(value);
        expect(parseBatch(payload.subarray(0, place % payload.length)).ok).toBe(false);
      }),
    );
  });
});

describe("control messages", () => {
  it("read back as they were written", () => {
    fc.assert(
      fc.property(ack, (value) => {
        expect(parseAck(encodeAck(value))).toEqual({ ok: true, value });
      }),
    );
    fc.assert(
      fc.property(state, (value) => {
        expect(parseState(encodeState(value))).toEqual({ ok: true, value });
      }),
    );
  });
});

describe("garbage", () => {
  const json = fc.json().map((text) => Buffer.from(text));
  const versioned = fc
    .dictionary(
      fc.constantFrom("agent", "state", "status", "epoch", "seq", "hash", "count", "firstSeq"),
      fc.jsonValue(),
    )
    .map((members) => Buffer.from(JSON.stringify({ ...members, storeloop: 1 })));
  const bytes = fc.oneof(fc.uint8Array(), json, versioned);
  const parsers = { parseBatch, parseAck, parseState, readEvent };

  it.each(Object.entries(parsers))("never makes %s throw, and never passes", (_, parse) => {
    fc.assert(
      fc.property(bytes, fc.boolean(), (payload, ended) => {
        expect(parse(ended ? Buffer.concat([payload, Uint8Array.of(lineFeed)]) : payload).ok).toBe(false);
      }),
    );
  });
});

describe("topics", () => {
  it("read back as agent and kind under any prefix", () => {
    const prefix = fc.constantFrom("storeloop/v1", "a", "x/y/z/");
    fc.assert(
      fc.property(prefix, name, fc.constantFrom("batch", "ack", "state"), (under, agent, kind) => {
        const topics = topicsUnder(under);
        expect(topics.parse(topics.of(agent, kind))).toEqual({ agent, kind });
      }),
    );
  });

  it("of others are not ours", () => {
    const topics = topicsUnder("storeloop/v1");
    for (const topic of ["storeloop/v1/a", "storeloop/v1/a/b/c", "storeloop/v2/a/ack", "storeloop/v1//ack"]) {
      expect(topics.parse(topic)).toBeUndefined();
    }
  });
});
