import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import { expect, test } from "vitest";
import { cardsIn } from "../support/card-traces.ts";
import { plantedCards } from "../support/planted-cards.ts";
import { RunningPair } from "../support/running-pair.ts";
import { TempFolder } from "../support/temp-folder.ts";
import { until } from "../support/until.ts";

const cards = plantedCards();
const text = (latin1: string): Buffer => Buffer.from(latin1, "latin1");

/** A slip for each card, with a name of its own, and a cut. */
const slips = cards.map(({ bytes }, index) =>
  Buffer.concat([text(`\x1b@SLIP ${slipName(index)}\nTOTAL 12.50\n`), bytes, text("\n\nTHANK YOU\n\n\x1dV\x01")]),
);

function slipName(index: number): string {
  return `N${index}N`;
}

/** Forms of the cards that show in the bytes. */
function formsIn(bytes: Uint8Array): readonly string[] {
  return cardsIn(bytes, cards).map(({ form }) => form);
}

/** Every file below a folder. */
function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Prints the slips in pieces of so many bytes, over one connection. */
async function print(pair: RunningPair, jobs: readonly Buffer[], pieceBytes: number): Promise<Disposable> {
  const all = Buffer.concat(jobs);
  const line = await pair.connect();
  for (let at = 0; at < all.length; at += pieceBytes) await line.write(all.subarray(at, at + pieceBytes));
  return line;
}

async function slipsInCloud(pair: RunningPair): Promise<readonly string[]> {
  const rows = JSON.stringify(await pair.cloud("SELECT * FROM entries"));
  return cards.map((_, index) => slipName(index)).filter((name) => rows.includes(`SLIP ${name}`));
}

test("card numbers printed in every form are nowhere: not on disk, in logs, on the wire, in the cloud or in what is shown", async () => {
  await using pair = await RunningPair.start();
  const wire: Buffer[] = [];
  const listener = await connectAsync(pair.brokerUrl);
  await using _listener = { [Symbol.asyncDispose]: async () => listener.endAsync() };
  listener.on("message", (topic, payload) => wire.push(Buffer.from(topic), payload));
  await listener.subscribeAsync("#");

  // A half in whole pieces and a kill right behind, so that a new life finds the bytes on disk; a half byte by byte.
  const half = Math.floor(slips.length / 2);
  {
    using _line = await print(pair, slips.slice(0, half), 1460);
    await pair.killDaemon();
  }
  const killed = filesBelow(pair.folder).flatMap((path) =>
    formsIn(readFileSync(path)).map((form) => `${path}: ${form}`),
  );
  expect(killed).toEqual([]);
  await pair.startDaemon();
  using _line = await print(pair, slips, 7);
  const names = cards.map((_, index) => slipName(index));
  await until(async () => (await slipsInCloud(pair)).length === names.length, { timeoutMs: 60_000, everyMs: 300 });

  const onDisk = filesBelow(pair.folder).flatMap((path) =>
    formsIn(readFileSync(path)).map((form) => `${path}: ${form}`),
  );
  expect(onDisk).toEqual([]);
  expect(formsIn(Buffer.concat(wire))).toEqual([]);
  expect(Buffer.concat(wire).toString("latin1")).toContain(`SLIP ${names.at(-1)}`);
  expect(formsIn(Buffer.from(pair.output))).toEqual([]);

  const tables = await pair.cloud("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'");
  for (const { table_name: name } of tables) {
    expect(
      formsIn(Buffer.from(JSON.stringify(await pair.cloud(`SELECT * FROM "${String(name)}"`)))),
      String(name),
    ).toEqual([]);
  }

  const listed = await pair.cli("receipts", "list", "--json", "--limit", "500");
  expect(formsIn(Buffer.from(listed))).toEqual([]);
  expect(listed).toContain(`SLIP ${names.at(-1)}`);
  const numbers = listed
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => (JSON.parse(line) as { seq: number }).seq);
  for (const seq of numbers.slice(0, 3)) {
    for (const as of [[], ["--html"], ["--json"]]) {
      const shown = await pair.cli("receipts", "show", String(seq), "--by", "seq", ...as);
      expect(formsIn(Buffer.from(shown)), as.join()).toEqual([]);
    }
  }
});

test("card numbers in a capture are not shown by any command that reads it", async () => {
  await using pair = await RunningPair.start();
  using folder = new TempFolder();
  const capture = folder.file("capture.bin");
  writeFileSync(capture, Buffer.concat(slips));
  const commands = [
    ["receipts", "decode", capture, "--json"],
    ["receipts", "decode", capture, "--json", "--profile", "none", "--reveal"],
    ["receipts", "show", "--file", capture],
    ["receipts", "show", "--file", capture, "--html"],
  ];
  for (const words of commands) {
    const shown = await pair.cli(...words);
    expect(formsIn(Buffer.from(shown)), words.join(" ")).toEqual([]);
    expect(shown, words.join(" ")).toContain(`SLIP ${slipName(cards.length - 1)}`);
  }
});
