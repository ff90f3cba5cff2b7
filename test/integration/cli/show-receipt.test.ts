import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { bitmapOf, drawn } from "../../support/bitmaps.ts";
import { freePort } from "../../support/free-port.ts";
import { LoneDaemon } from "../../support/lone-daemon.ts";
import { readPng } from "../../support/png-reader.ts";
import { PosSocket } from "../../support/pos-socket.ts";
import { slip } from "../../support/slip.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { until } from "../../support/until.ts";

const run = promisify(execFile);
const logo = bitmapOf(["#######.", "#.....#.", "#.###.#.", "#######."]);

test("a receipt that a POS printed is seen as it was, after the daemon was started again", async () => {
  using folder = new TempFolder();
  const port = await freePort();
  const lanes = `  - { id: "05", devices: [{ id: till, type: printer-tcp, listen: "127.0.0.1:${port}", idleMs: 200 }] }`;
  await using daemon = new LoneDaemon(folder.path, lanes);
  await daemon.start();
  using pos = await PosSocket.connect(port);
  // The first slip turns two-byte text on; the second, by itself, does not say what its bytes mean.
  await pos.send(Buffer.concat([Buffer.from("\x1c&", "latin1"), slip("00001")]));
  const raster = Buffer.concat([Buffer.from("\x1dv0\x00\x01\x00\x04\x00", "latin1"), Buffer.from(logo.bits)]);
  const heading = Buffer.concat([
    Buffer.from("\x1b!\x30", "latin1"),
    iconv.encode("华联", "gb18030"),
    Buffer.from("\x1b!\x00\n", "latin1"),
  ]);
  await pos.send(Buffer.concat([raster, heading, slip("00002").subarray(2)]));
  await until(async () => (await daemon.receipts()).length === 2, { what: "both receipts" });
  await daemon.end();
  await daemon.start();

  const words = ["receipts", "show", "00002", "--lang", "en", "--config", join(folder.path, "storeloop.yaml")];
  const { stdout } = await run(resolve("scripts/storeloop"), words);
  expect(stdout).toMatch(/│ +华联 +│\n│ ST# 0117 OP# 001 TE# 05 TR# 00002/);
  expect(stdout).toMatch(/Receipt +00002\n/);
  await run(resolve("scripts/storeloop"), [...words, "--html", folder.file("page.html")]);
  const html = readFileSync(folder.file("page.html"), "utf8");
  expect(html).toContain('<i class="w">华</i><i class="w">联</i>');
  const png = /data:image\/png;base64,([^"]*)"/.exec(html)?.[1] ?? "";
  expect(drawn(readPng(Buffer.from(png, "base64")))).toEqual(drawn(logo));
});
