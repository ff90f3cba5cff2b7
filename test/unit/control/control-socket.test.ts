import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ControlClient } from "../../../agent/control/control-client.ts";
import { openControl } from "../../../agent/control/control-server.ts";
import { StoreloopError } from "../../../agent/core/errors.ts";
import { asEntryId, asSeq } from "../../../agent/core/ids.ts";
import type { ReplayRequest } from "../../../agent/core/replay.ts";
import type { LiveEvent } from "../../../agent/core/live-event.ts";
import { ScriptedSource, scriptedAtMs, scriptedReceipt } from "../../support/scripted-source.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { until } from "../../support/until.ts";

let folder: TempFolder;
let source: ScriptedSource;
const signal = new AbortController().signal;

beforeEach(() => {
  folder = new TempFolder();
  source = new ScriptedSource();
});
afterEach(() => folder[Symbol.dispose]());

const sent = (n: number): LiveEvent => ({
  type: "sent",
  atMs: scriptedAtMs,
  firstSeq: asSeq(n),
  lastSeq: asSeq(n),
  attempt: 1,
});

async function collect(events: AsyncIterable<LiveEvent>): Promise<readonly LiveEvent[]> {
  const all: LiveEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** One raw request, whatever it is, and everything that came back. */
async function raw(request: string): Promise<string> {
  const socket = connect(folder.file("control.sock"));
  let text = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  socket.end(request);
  await once(socket, "close");
  return text;
}

test("answers the snapshot, receipts by page and by each kind of name, and the chain check", async () => {
  source.all = [scriptedReceipt(), scriptedReceipt({ seq: asSeq(9), sequenceNumber: "收/7 #", kind: "refund" })];
  await using _server = await openControl(source, folder.path);
  const client = new ControlClient(folder.path);
  expect(await client.status(signal)).toEqual(source.current);
  expect(await client.receipts({ limit: 1 }, signal)).toEqual(source.all.slice(0, 1));
  expect(await client.receipts({ limit: 5, before: asSeq(12) }, signal)).toEqual(source.all.slice(1));
  expect(await client.receipt({ entryId: source.all[0]!.entryId }, signal)).toEqual(source.all[0]);
  expect(await client.receipt({ seq: asSeq(9) }, signal)).toEqual(source.all[1]);
  expect(await client.receipt({ sequenceNumber: "收/7 #", laneId: "05" }, signal)).toEqual(source.all[1]);
  await expect(client.receipt({ seq: asSeq(1) }, signal)).rejects.toMatchObject({ code: "RECEIPT_UNKNOWN" });
  expect(await client.verify(signal)).toMatchObject({ state: "intact", entryCount: 120 });
});

test("gives out the bytes kept of a receipt as they are, and none for one nobody knows", async () => {
  source.all = [scriptedReceipt({ sequenceNumber: "收/7 #" })];
  source.bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  await using _server = await openControl(source, folder.path);
  const client = new ControlClient(folder.path);
  expect([...(await client.captured(source.all[0]!.entryId, signal))]).toEqual([...source.bytes]);
  expect(await client.captured(asEntryId("0195934b-7c00-7000-8000-000000000099"), signal)).toHaveLength(0);
  await expect(client.captured(asEntryId(""), signal)).rejects.toMatchObject({ code: "CONTROL_REFUSED" });
});

test("hands a replay to the daemon and its report back", async () => {
  const report = { dryRun: true, examined: 1, amended: 0, found: 0, unchanged: 1, worse: 0, gone: 0, changes: [] };
  const asked: ReplayRequest[] = [];
  source.replayed = (request) => {
    asked.push(request);
    return Promise.resolve(report);
  };
  await using _server = await openControl(source, folder.path);
  const request = {
    scope: { dryRun: true, sinceMs: 17 },
    profiles: [{ profile: "收银 one", about: "x".repeat(100_000) }],
  };
  expect(await new ControlClient(folder.path).replay(request, signal)).toEqual(report);
  expect(asked).toEqual([request]);
});

test("lets nobody but its own user in", async () => {
  await using _server = await openControl(source, folder.path);
  expect(statSync(folder.file("control.sock")).mode & 0o777).toBe(0o600);
});

test("removes its socket when it ends, and the client then says that no daemon runs", async () => {
  const server = await openControl(source, folder.path);
  await server[Symbol.asyncDispose]();
  expect(existsSync(folder.file("control.sock"))).toBe(false);
  await expect(new ControlClient(folder.path).status(signal)).rejects.toMatchObject({ code: "CONTROL_NOT_RUNNING" });
});

test("refuses to start beside a daemon that answers, and leaves its socket alone", async () => {
  await using _first = await openControl(source, folder.path);
  await expect(openControl(new ScriptedSource(), folder.path)).rejects.toMatchObject({ code: "LEDGER_LOCKED" });
  expect(await new ControlClient(folder.path).status(signal)).toEqual(source.current);
});

test("takes the place of a daemon that was killed", async () => {
  const killed = spawn(process.execPath, [
    "-e",
    `require("net").createServer().listen(${JSON.stringify(folder.file("control.sock"))}, () => process.send?.("up"))`,
  ]);
  await until(() => existsSync(folder.file("control.sock")));
  killed.kill("SIGKILL");
  await once(killed, "exit");
  expect(existsSync(folder.file("control.sock"))).toBe(true);
  await using _server = await openControl(source, folder.path);
  expect(await new ControlClient(folder.path).status(signal)).toEqual(source.current);
});

test("names a path that is too long for a socket instead of failing somewhere else", async () => {
  const deep = folder.file("a".repeat(120));
  await expect(openControl(source, deep)).rejects.toMatchObject({ code: "CONTROL_SOCKET_PATH" });
  expect(() => new ControlClient(deep)).toThrow(StoreloopError);
});

test("says that the data folder cannot be written when it cannot", async () => {
  writeFileSync(folder.file("file"), "");
  await expect(openControl(source, folder.file("file"))).rejects.toMatchObject({ code: "LEDGER_UNWRITABLE" });
});

test("says so when the socket belongs to another user", async () => {
  await using _server = await openControl(source, folder.path);
  const [client, socket] = [new ControlClient(folder.path), folder.file("control.sock")];
  expect(statSync(socket).mode & 0o077).toBe(0);
  const isRoot = process.getuid?.() === 0;
  if (!isRoot) chmodSync(socket, 0);
  // Root may do anything, and so is `nobody` of Debian while it connects.
  if (isRoot) chmodSync(folder.path, 0o755);
  if (isRoot) process.seteuid?.(65_534);
  const asked = client.status(signal).finally(() => {
    if (isRoot) process.seteuid?.(0);
  });
  await expect(asked).rejects.toMatchObject({ code: "CONTROL_DENIED" });
});

test("passes on the error of the daemon with its code", async () => {
  source.verification = () => Promise.reject(new StoreloopError("LEDGER_CORRUPT", "page 7 is torn"));
  await using _server = await openControl(source, folder.path);
  await expect(new ControlClient(folder.path).verify(signal)).rejects.toMatchObject({
    code: "LEDGER_CORRUPT",
    message: "page 7 is torn",
  });
});

test("says that the daemon broke off when it dies in the middle of an answer", async () => {
  const daemon = createServer((_request, response) => {
    response.writeHead(200, { "content-length": 100 }).write("[");
    setImmediate(() => response.destroy());
  });
  await new Promise<void>((resolve) => void daemon.listen(folder.file("control.sock"), resolve));
  const client = new ControlClient(folder.path);
  const asked = [client.status(signal), client.captured(asEntryId("1"), signal)];
  for (const one of asked) await expect(one).rejects.toMatchObject({ code: "CONTROL_REFUSED" });
  daemon.close();
});

test("stops a long check when the one who asked hangs up", async () => {
  let stopped = false;
  const asked = Promise.withResolvers<void>();
  source.verification = (given) =>
    new Promise((_, reject) => {
      given.addEventListener("abort", () => {
        stopped = true;
        reject(new Error("stopped"));
      });
      asked.resolve();
    });
  await using _server = await openControl(source, folder.path);
  const impatient = new AbortController();
  const answer = new ControlClient(folder.path).verify(impatient.signal);
  await asked.promise;
  impatient.abort();
  await expect(answer).rejects.toMatchObject({ name: "AbortError" });
  await until(() => stopped);
});

test.each([
  ["GET /nothing HTTP/1.0\r\n\r\n", 404],
  ["POST /status HTTP/1.0\r\n\r\n", 405],
  ["POST /replay HTTP/1.0\r\ncontent-length: 0\r\n\r\n", 400],
  ["POST /replay HTTP/1.0\r\ncontent-length: 4\r\n\r\nnull", 400],
  ['POST /replay HTTP/1.0\r\ncontent-length: 15\r\n\r\n{"profiles":[]}', 400],
  ["GET /receipts?limit=0 HTTP/1.0\r\n\r\n", 400],
  ["GET /receipts?limit=-1 HTTP/1.0\r\n\r\n", 400],
  ["GET /receipts?before=x HTTP/1.0\r\n\r\n", 400],
  ["GET /receipts/%zz HTTP/1.0\r\n\r\n", 400],
  ["GET /receipts/x?by=seq HTTP/1.0\r\n\r\n", 400],
  ["GET /receipts/1?by=weight HTTP/1.0\r\n\r\n", 400],
  ["GARBAGE\r\n\r\n", 400],
])("refuses %j with %i", async (request, status) => {
  await using _server = await openControl(source, folder.path);
  expect(await raw(request)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

test("streams events in order to every watcher and ends with the daemon", async () => {
  const server = await openControl(source, folder.path);
  const watched = [1, 2].map(() => {
    const opened = Promise.withResolvers<void>();
    const events = collect(new ControlClient(folder.path).watch(signal, () => opened.resolve()));
    return { opened: opened.promise, events };
  });
  await Promise.all(watched.map(({ opened }) => opened));
  for (let n = 1; n <= 100; n += 1) source.feed.publish(sent(n));
  await server[Symbol.asyncDispose]();
  for (const { events } of watched) expect(await events).toEqual(Array.from({ length: 100 }, (_, n) => sent(n + 1)));
});

test("forgets a watcher that leaves", async () => {
  await using _server = await openControl(source, folder.path);
  const leaving = new AbortController();
  const opened = Promise.withResolvers<void>();
  const events = collect(new ControlClient(folder.path).watch(leaving.signal, () => opened.resolve()));
  await opened.promise;
  expect(source.feed.watching).toBe(1);
  leaving.abort();
  await events;
  await until(() => source.feed.watching === 0);
});

test("cuts off a watcher that does not read, and keeps no more than its bound for it", async () => {
  await using _server = await openControl(source, folder.path);
  const stuck = connect(folder.file("control.sock"));
  stuck.write("GET /watch HTTP/1.1\r\nHost: control\r\n\r\n");
  await until(() => source.feed.watching === 1);
  stuck.pause();
  const before = process.memoryUsage().rss;
  await until(() => {
    for (let n = 0; n < 5000; n += 1) source.feed.publish(sent(n));
    return source.feed.watching === 0;
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(64_000_000);
  stuck.destroy();
});
