import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { encodeAck, parseAck } from "../../../../sync/protocol/ack.ts";
import { encodeBatch, parseBatch } from "../../../../sync/protocol/batch.ts";
import { formatHash } from "../../../../sync/protocol/message.ts";
import type { Parsed } from "../../../../sync/protocol/parsed.ts";
import { readEvent } from "../../../../sync/protocol/read-event.ts";
import { encodeState, parseState } from "../../../../sync/protocol/state.ts";

const document = readFileSync(new URL("../../../../sync/protocol/PROTOCOL.md", import.meta.url), "utf8");

/** The fenced examples of the document: what they are, and their bytes. */
const examples = [...document.matchAll(/^```ndjson (\S+)(?: (\S+))?\n(.*?)^```$/gms)].map((match) => ({
  what: match[1] ?? "",
  fault: match[2],
  text: match[3] ?? "",
}));

const of = (what: string) => examples.filter((example) => example.what === what);

const bytesOf = (text: string): Uint8Array => Buffer.from(text);

/** A control message is its line without the line feed. */
const messageOf = (text: string): Uint8Array => bytesOf(text.trimEnd());

function valueOf<T>(answer: Parsed<T>): T {
  if (!answer.ok) throw new Error(`${answer.fault.code}: ${answer.fault.detail}`);
  return answer.value;
}

describe("the examples of PROTOCOL.md", () => {
  it("has an example of every message", () => {
    const kinds = examples.map((example) => example.what);
    expect(new Set(kinds)).toEqual(new Set(["event", "batch", "batch-fault", "ack", "state"]));
  });

  it.each(of("event"))("reads the event", ({ text }) => {
    expect(valueOf(readEvent(messageOf(text)))).toMatchObject({ kind: "agent.started", clockTrusted: true });
  });

  it.each(of("batch"))("reads the batch, writes the same bytes, and names the hashes the text names", ({ text }) => {
    const batch = valueOf(parseBatch(bytesOf(text)));
    const lines = batch.entries.map((entry) => entry.bytes);
    expect(Buffer.from(encodeBatch(batch, lines)).toString()).toBe(text);
    for (const entry of batch.entries) expect(document).toContain(`\`${formatHash(entry.hash)}\``);
  });

  it.each(of("batch-fault"))("refuses the broken batch with $fault", ({ text, fault }) => {
    expect(parseBatch(bytesOf(text))).toMatchObject({ ok: false, fault: { code: fault } });
  });

  it.each(of("ack"))("reads the ack and writes the same bytes", ({ text }) => {
    expect(encodeAck(valueOf(parseAck(messageOf(text))))).toEqual(messageOf(text));
  });

  it.each(of("state"))("reads the state and writes the same bytes", ({ text }) => {
    expect(encodeState(valueOf(parseState(messageOf(text))))).toEqual(messageOf(text));
  });
});
