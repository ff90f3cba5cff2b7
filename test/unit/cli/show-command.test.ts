import { readFileSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../../../agent/cli/run-cli.ts";
import { openControl } from "../../../agent/control/control-server.ts";
import { asSeq } from "../../../agent/core/ids.ts";
import { rowBytes, bitmapOf } from "../../support/bitmaps.ts";
import { withLuhn } from "../../support/card-numbers.ts";
import { CapturedTerminal } from "../../support/captured-terminal.ts";
import { writePlainStore } from "../../support/plain-store.ts";
import { ScriptedOperations } from "../../support/scripted-operations.ts";
import { ScriptedSource, scriptedReceipt } from "../../support/scripted-source.ts";
import { slip } from "../../support/slip.ts";
import { TempFolder } from "../../support/temp-folder.ts";

let folder: TempFolder;
let source: ScriptedSource;
let terminal: CapturedTerminal;
let configPath: string;

beforeEach(() => {
  folder = new TempFolder();
  source = new ScriptedSource();
  terminal = new CapturedTerminal();
  configPath = writePlainStore(folder);
});
afterEach(() => folder[Symbol.dispose]());

const cli = (...argv: string[]): Promise<number> =>
  runCli(["receipts", "show", ...argv, "--config", configPath], new ScriptedOperations(), terminal);

const logo = bitmapOf(Array.from({ length: 8 }, () => "########........"));
const qr = "\x1d(k\x05\x001P0ab\x1d(k\x03\x001Q0";

/** A receipt with everything on it. */
const printed = Buffer.concat([
  Buffer.from("\x1b@\x1ba\x01\x1dv0\x00\x02\x00\x08\x00", "latin1"),
  Buffer.from(rowBytes(logo)),
  Buffer.from(`\x1b!\x38SHOP\x1b!\x00\n\x1ba\x00\x1dB\x01MILK\x1dB\x00 3.50\n${qr}\x1dV\x00`, "latin1"),
]);

const lines = ["SHOP", "MILK 3.50"];

describe("a recorded receipt", () => {
  test("is drawn from its bytes with picture, QR code and cut, plain where styles cannot be shown", async () => {
    source.all = [scriptedReceipt({ lines, startOffset: 0, endOffset: printed.length })];
    source.bytes = printed;
    await using _daemon = await openControl(source, folder.file("data"));
    expect(await cli("0003364")).toBe(0);
    expect(terminal.lines.slice(0, 19).join("\n")).toMatchInlineSnapshot(`
      "┌───────────────────────────┐
      │           ██              │
      │           SHOP            │
      │ MILK 3.50                 │
      │                           │
      │   █▀▀▀▀▀█   ▀ █ █▀▀▀▀▀█   │
      │   █ ███ █ ▀ ▀ ▄ █ ███ █   │
      │   █ ▀▀▀ █  █▄█▀ █ ▀▀▀ █   │
      │   ▀▀▀▀▀▀▀ █ █ ▀ ▀▀▀▀▀▀▀   │
      │   ▀██ ▀▀▀▀█▄▀▄▀█▀▄ ▄▀▄▄   │
      │   █▄ █▄█▀▄▀▀▄█▄█▀█▄▄ ▀▀   │
      │   ▀     ▀ ▄█▀▀ ▀█▀  █▄█   │
      │   █▀▀▀▀▀█ ██▄ ▀ ▄ ▀ ▄██   │
      │   █ ███ █ ▀▄ ▄▀▄▀▄▀▄▀▄▀   │
      │   █ ▀▀▀ █ ██▄█▄█▀█▄█▀▄▀   │
      │   ▀▀▀▀▀▀▀ ▀▀ ▀ ▀▀▀ ▀▀▀▀   │
      │                           │
      │    - - - - - - - - - -    │
      └───────────────────────────┘"
    `);
    expect(terminal.text).not.toContain("\u001B");
    expect(terminal.lines[19]).toBe("Kind          sale");
  });

  test("shows size, weight and inverse on a terminal, and codes black on white", async () => {
    source.all = [scriptedReceipt({ lines, startOffset: 0, endOffset: printed.length })];
    source.bytes = printed;
    terminal.colour = true;
    await using _daemon = await openControl(source, folder.file("data"));
    expect(await cli("0003364")).toBe(0);
    expect(terminal.text).toContain("\u001B[1mS H O P \u001B[0m");
    expect(terminal.text).toContain("\u001B[7mMILK\u001B[0m 3.50");
    expect(terminal.text).toContain("\u001B[30;107m");
  });

  test("is read in the charset that reads what was recorded, when its own bytes select none", async () => {
    source.all = [scriptedReceipt({ lines: ["駅前店 ｶﾅ"], startOffset: 0, endOffset: 10 })];
    source.bytes = Buffer.from("8977914f935820b6c50a", "hex");
    await using _daemon = await openControl(source, folder.file("data"));
    expect(await cli("0003364")).toBe(0);
    expect(terminal.lines[1]).toContain("駅前店 ｶﾅ");
  });

  test("is drawn from its lines when its bytes are no longer kept", async () => {
    source.all = [scriptedReceipt({ qrCodes: ["https://example.cn"] })];
    await using _daemon = await openControl(source, folder.file("data"));
    expect(await cli("12", "--by", "seq")).toBe(0);
    expect(terminal.lines.find((line) => line.includes("某某超市"))).toBeDefined();
    expect(terminal.text).toContain("█");
  });

  test("keeps member numbers masked where the paper has them in full", async () => {
    source.all = [scriptedReceipt({ lines: ["MEMBER 10086123"], memberId: "****6123" })];
    await using _daemon = await openControl(source, folder.file("data"));
    expect(await cli("0003364")).toBe(0);
    expect(await cli("0003364", "--html")).toBe(0);
    expect(terminal.text).toContain("MEMBER ****6123");
    expect(terminal.text).not.toContain("10086123");
  });

  test("becomes a page that only its owner may read", async () => {
    source.all = [
      scriptedReceipt({
        lines,
        startOffset: 0,
        endOffset: printed.length,
        reconciliation: { state: "unreconciled", reasons: ["TENDERS_NOT_TOTAL"] },
      }),
    ];
    source.bytes = printed;
    await using _daemon = await openControl(source, folder.file("data"));
    expect(await cli("0003364", "--html", folder.file("page.html"))).toBe(0);
    const html = readFileSync(folder.file("page.html"), "utf8");
    expect(html).toMatch(/<h1>sale 0003364<\/h1>\s*<p class="verdict bad">amounts differ<\/p>/);
    expect(html).toContain("<dt>Store / lane</dt><dd>0117 / 05</dd>");
    expect(html).toContain("<li>the tenders less the change are not the total (TENDERS_NOT_TOTAL)</li>");
    expect(html).toMatch(/<img [^>]*data:image\/png/);
    expect(html).toContain("<title>qr: ab</title>");
    expect(statSync(folder.file("page.html")).mode & 0o077).toBe(0);
    expect(terminal.lines).toEqual([]);
  });

  test("writes the page beside the JSON, and refuses to mix both on standard output", async () => {
    source.all = [scriptedReceipt({ reconciliation: { state: "unreconciled", reasons: ["NO_DATE_TIME"] } })];
    await using _daemon = await openControl(source, folder.file("data"));
    expect(await cli("0003364", "--json", "--html", folder.file("page.html"))).toBe(0);
    expect(JSON.parse(terminal.text)).toMatchObject({ sequenceNumber: "0003364" });
    expect(readFileSync(folder.file("page.html"), "utf8")).toContain("<!doctype html>");
    expect(await cli("0003364", "--json", "--html")).toBe(2);
    expect(await cli("0003364", "--lang", "zh-CN")).toBe(0);
    expect(terminal.text).toContain("无法核对: 没有读到时间 (NO_DATE_TIME)");
    expect(terminal.text).toMatch(/支付 +(现金|银行卡|微信支付)/);
  });

  test("says when the page cannot be written", async () => {
    source.all = [scriptedReceipt()];
    await using _daemon = await openControl(source, folder.file("data"));
    expect(await cli("0003364", "--html", folder.file("absent/page.html"))).toBe(1);
    expect(terminal.errorText).toMatch(/^FILE_UNWRITABLE/);
  });
});

describe("a capture", () => {
  beforeEach(() =>
    writeFileSync(
      folder.file("capture.bin"),
      Buffer.concat([slip("00001"), slip("00002", 2), Buffer.from("\x1b\xf7x\n", "latin1")]),
    ),
  );

  test("is drawn without a daemon, slip by slip", async () => {
    expect(await cli("--file", folder.file("capture.bin"))).toBe(0);
    expect(terminal.lines.filter((line) => line.startsWith("┌"))).toHaveLength(3);
    expect(terminal.text).toMatch(/TR# 00001[^]*Receipt +00001[^]*TR# 00002[^]*Receipt +00002/);
    expect(terminal.text).toMatch(/2 bytes not understood[^]*Not understood +bytes \d+–\d+/);
  });

  test("gives one slip of several", async () => {
    expect(await cli("--file", folder.file("capture.bin"), "--segment", "2", "--html")).toBe(0);
    expect(terminal.text).toContain("TR# 00002");
    expect(terminal.text).not.toContain("TR# 00001");
  });

  test("says how many slips there are when the one asked for is not among them", async () => {
    expect(await cli("--file", folder.file("capture.bin"), "--segment", "4")).toBe(1);
    expect(terminal.errorText).toMatch(/^RECEIPT_UNKNOWN: .* holds 3 slips, no 4/);
  });

  test("is given as JSON, like decode", async () => {
    expect(await cli("--file", folder.file("capture.bin"), "--json", "--segment", "1")).toBe(0);
    expect(JSON.parse(terminal.text)).toMatchObject({ kind: "sale", sequenceNumber: "00001", totalMinor: 250 });
  });
});

test("no card number is seen, in text, over a style, in a QR code or a barcode, in the terminal or on the page", async () => {
  const pan = withLuhn("411111111111111");
  const parts = [pan.slice(0, 6), pan.slice(6)];
  const card = [
    `CARD ${pan}\n`,
    `CARD \x1bE\x01${parts[0]}\x1bE\x00${parts[1]}\n`,
    `\x1d(k\x13\x001P0${pan}\x1d(k\x03\x001Q0`,
    `\x1dk\x49\x12{B${pan}`,
  ];
  writeFileSync(
    folder.file("capture.bin"),
    Buffer.concat([slip("00001"), Buffer.from(`${card.join("")}\n`, "latin1")]),
  );
  expect(await cli("--file", folder.file("capture.bin"))).toBe(0);
  expect(await cli("--file", folder.file("capture.bin"), "--html")).toBe(0);
  const seen = terminal.text.replaceAll(/<[^>]*>/g, "");
  expect(seen).not.toContain(pan);
  expect(seen).not.toContain(parts[1]);
  expect(seen.split(pan.slice(-4)).length).toBeGreaterThan(4);
});

test("either a key or a file is wanted, not both and not neither", async () => {
  expect(await cli()).toBe(2);
  expect(await cli("1", "--file", "a.bin")).toBe(2);
  expect(terminal.errorText).toContain("either a key or --file");
});

test("a picture too wide for anything to be made out is told of by its size", async () => {
  source.all = [scriptedReceipt({ seq: asSeq(1), lines: [], startOffset: 0, endOffset: 264 })];
  source.bytes = Buffer.concat([Buffer.from("\x1dv0\x00\x00\x01\x01\x00", "latin1"), Buffer.alloc(256, 0xff)]);
  await using _daemon = await openControl(source, folder.file("data"));
  expect(await cli("1", "--by", "seq")).toBe(0);
  expect(terminal.text).toContain("[2048x1]");
});
