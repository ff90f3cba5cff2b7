import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeAck, parseAck } from "../../../../sync/protocol/ack.ts";
import { encodeBatch, parseBatch } from "../../../../sync/protocol/batch.ts";
import { chainHash, genesisHash } from "../../../../sync/protocol/chain.ts";
import type { Parsed } from "../../../../sync/protocol/parsed.ts";
import { readEvent } from "../../../../sync/protocol/read-event.ts";
import { encodeState, parseState } from "../../../../sync/protocol/state.ts";

type Members = Readonly<Record<string, unknown>>;

/** Values that no member of these messages may have; `undefined` leaves it out. */
const noMember: readonly unknown[] = [undefined, null, true, -1, 1.5, 2 ** 53, [], {}];
/** Texts that are neither a name, nor a hash, nor a status, nor a time. */
const noWord = ["", "\0", "no such word", "F".repeat(65), "f".repeat(63)];

const hash = Buffer.alloc(32, 0xab);
const epoch = { epoch: "e-1", firstSeq: 5, baseHash: hash };
const membersOf = (payload: Uint8Array): Members => JSON.parse(Buffer.from(payload).toString()) as Members;
const payloadOf = (members: Members): Uint8Array => Buffer.from(JSON.stringify(members));
const faultOf = (answer: Parsed<unknown>): string => (answer.ok ? "none" : answer.fault.code);

const ack = membersOf(encodeAck({ status: "ok", epoch: "e-1", seq: 7, hash }));
const birth = membersOf(
  encodeState({
    state: "online",
    agent: "a",
    agentVersion: "1",
    epoch,
    headSeq: 9,
    watermark: { seq: 7, hash },
  }),
);
const event: Members = { specversion: "1.0", id: "i", type: "t", idempotencykey: "k", time: "2026-03-14T09:26:53Z" };

/** A batch of one entry whose header has members of the test's own. */
function batchWith(members: Members): Uint8Array {
  const line = Buffer.from("{}");
  const header = { agent: "a", epoch, firstSeq: 6, previousHash: hash, lastHash: chainHash(hash, line) };
  const [first = ""] = Buffer.from(encodeBatch(header, [line]))
    .toString()
    .split("\n");
  return Buffer.from(`${JSON.stringify({ ...membersOf(Buffer.from(first)), ...members })}\n{}\n`);
}

/** A message: how one is read of which members are changed, its members, and those of them that may be any text. */
const messages: readonly [string, (changed: Members) => Parsed<unknown>, readonly string[], readonly string[]][] = [
  ["ack", (changed) => parseAck(payloadOf({ ...ack, ...changed })), ["status", "epoch", "seq", "hash"], []],
  [
    "birth",
    (changed) => parseState(payloadOf({ ...birth, ...changed })),
    Object.keys(birth).filter((name) => name !== "storeloop"),
    ["agentVersion"],
  ],
  [
    "batch",
    (changed) => parseBatch(batchWith(changed)),
    ["agent", "epoch", "epochFirstSeq", "epochBaseHash", "firstSeq", "count", "previousHash", "lastHash"],
    [],
  ],
  [
    "event",
    (changed) => readEvent(payloadOf({ ...event, ...changed })),
    ["id", "type", "idempotencykey", "time"],
    ["id", "type", "idempotencykey"],
  ],
];

describe.each(messages)("a message that is well-formed but for one member: %s", (_, read, names, texts) => {
  it("is read when nothing is changed", () => {
    expect(faultOf(read({}))).toBe("none");
  });

  it.each(names)("is refused for %s", (name) => {
    const isName = name === "agent" || name === "epoch";
    const words = texts.includes(name) ? [] : noWord.filter((word) => !isName || word.length !== 63);
    for (const value of [...noMember, ...words]) {
      expect(faultOf(read({ [name]: value })), String(value)).toBe("MEMBER_INVALID");
    }
  });

  it("is refused for its version", () => {
    for (const changed of [
      { storeloop: 2, specversion: "2.0" },
      { storeloop: "1", specversion: 1 },
    ]) {
      expect(faultOf(read(changed))).toBe("WRONG_VERSION");
    }
  });
});

describe("a limit", () => {
  const padded = (length: number): Uint8Array => {
    const bare = payloadOf({ ...ack, note: "" });
    return payloadOf({ ...ack, note: "x".repeat(length - bare.length) });
  };
  const batchOf = (lines: readonly Uint8Array[]): Uint8Array => {
    const lastHash = lines.reduce((last, line) => chainHash(last, line), genesisHash);
    const start = { epoch: "e-1", firstSeq: 1, baseHash: genesisHash };
    return encodeBatch({ agent: "a", epoch: start, firstSeq: 1, previousHash: genesisHash, lastHash }, lines);
  };

  it("of a control message is 4096 bytes", () => {
    expect([padded(4096), padded(4097)].map((payload) => faultOf(parseAck(payload)))).toEqual(["none", "TOO_LARGE"]);
  });

  it("of a batch is 10,000 entries", () => {
    const lines = Array.from({ length: 10_001 }, () => Buffer.from("{}"));
    expect([batchOf(lines.slice(1)), batchOf(lines)].map((payload) => faultOf(parseBatch(payload)))).toEqual([
      "none",
      "MEMBER_INVALID",
    ]);
  });

  it("of a batch is 16 MiB", () => {
    const most = 16 * 1024 * 1024;
    const header = batchOf([Buffer.alloc(0)]).length;
    const batches = [most, most + 1].map((length) => batchOf([Buffer.alloc(length - header, "x")]));
    expect(batches.map(({ length }) => length)).toEqual([most, most + 1]);
    expect(batches.map((payload) => faultOf(parseBatch(payload)))).toEqual(["none", "TOO_LARGE"]);
  });

  it("of a batch is the number of lines that it names, each of them ended", () => {
    const whole = Buffer.from(batchWith({}));
    const header = whole.indexOf("\n");
    const wrongly = [whole.subarray(0, header), whole.subarray(0, header + 1), whole.subarray(0, -1)];
    const longer = ["\n", "{}", "{}\n"].map((more) => Buffer.concat([whole, Buffer.from(more)]));
    expect([...wrongly, ...longer].map((payload) => faultOf(parseBatch(payload)))).toEqual(
      Array.from({ length: 6 }, () => "LINE_COUNT"),
    );
  });

  it("of a name is 64 characters, of which the first is a letter or a digit", () => {
    const read = (epochName: string): string => faultOf(parseAck(payloadOf({ ...ack, epoch: epochName })));
    expect(["a", "Z.9_-", "0".repeat(64)].map(read)).toEqual(["none", "none", "none"]);
    const refused = ["", "-a", ".a", "_a", "a b", "a/b", "a+", "é", "a\n", "0".repeat(65)];
    expect(refused.map(read)).toEqual(refused.map(() => "MEMBER_INVALID"));
  });

  it.each(["id", "type", "idempotencykey"])(
    "of an identifier is 512 characters that a database can hold: %s",
    (name) => {
      const read = (value: string): string => faultOf(readEvent(payloadOf({ ...event, [name]: value })));
      expect(["x", "x".repeat(512)].map(read)).toEqual(["none", "none"]);
      expect(["", "x".repeat(513), "a\0b", "\ud800"].map(read)).toEqual(
        Array.from({ length: 4 }, () => "MEMBER_INVALID"),
      );
    },
  );

  it("of a time is what RFC 3339 can say of the years 1 to 9999", () => {
    const read = (time: string): string => faultOf(readEvent(payloadOf({ ...event, time })));
    const times = ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "2026-03-14T09:26:53.123456789+05:30"];
    expect(times.map(read)).toEqual(times.map(() => "none"));
    const refused = [
      "0000-12-31T23:59:59Z",
      "0001-01-01T00:00:00+00:01",
      "9999-12-31T23:59:59-00:01",
      "2026-02-30T25:00:00Z",
      "2026-03-14T09:26:53",
      "2026-03-14",
      " 2026-03-14T09:26:53Z",
      "2026-03-14T09:26:53Z ",
      "2026-03-14T09:26:53.1234567890Z",
    ];
    expect(refused.map(read)).toEqual(refused.map(() => "MEMBER_INVALID"));
  });

  it("of a batch within its epoch is the epoch's first entry, and of all positions 2^53 - 1", () => {
    const header = (epochFirstSeq: number, firstSeq: number): string =>
      faultOf(parseBatch(batchWith({ epochFirstSeq, firstSeq })));
    expect([header(6, 6), header(1, 6), header(7, 6), header(0, 6)]).toEqual([
      "none",
      "none",
      "MEMBER_INVALID",
      "MEMBER_INVALID",
    ]);
    const last = Number.MAX_SAFE_INTEGER;
    expect([header(1, last - 1), header(1, last)]).toEqual(["none", "MEMBER_INVALID"]);
  });
});

describe("what is read of an event", () => {
  it("is the kind without its frame, and that the clock was trusted only where it says true", () => {
    const read = (changed: Members) => readEvent(payloadOf({ ...event, ...changed }));
    const kinds = {
      "io.storeloop.touch.v1": "touch",
      "io.storeloop.touch.v2": "io.storeloop.touch.v2",
      "io.storeloop.touch.v1b": "io.storeloop.touch.v1b",
      "io.storeloop.a\nb.v1": "a\nb",
      "x.io.storeloop.a.v1": "x.io.storeloop.a.v1",
    };
    for (const [type, kind] of Object.entries(kinds)) expect(read({ type })).toMatchObject({ value: { kind } });
    for (const clocktrusted of [undefined, false, "true", 1]) {
      expect(read({ clocktrusted })).toMatchObject({ value: { clockTrusted: false } });
    }
    expect(read({ clocktrusted: true })).toMatchObject({ value: { clockTrusted: true } });
  });

  it("is its data where that is an object, and nothing of it where it is none", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
        const expected = isObject ? (JSON.parse(JSON.stringify(data)) as unknown) : undefined;
        const answer = readEvent(payloadOf({ ...event, data }));
        expect(answer.ok && answer.value.data).toEqual(expected);
      }),
    );
  });
});
