import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { TempFolder } from "../../support/temp-folder.ts";
import { until } from "../../support/until.ts";

const script = resolve("scripts/storeloop");

let folder: TempFolder;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = new TempFolder();
});
afterEach(async () => {
  for (const child of children.splice(0))
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  folder[Symbol.dispose]();
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function run(program: string, ...argv: string[]): Promise<Ran> {
  const child = execFile(program, argv, { env: { ...process.env, LANG: "C.UTF-8", LC_ALL: "" }, cwd: folder.path });
  const texts = { out: "", err: "" };
  child.stdout?.on("data", (chunk: string) => (texts.out += chunk));
  child.stderr?.on("data", (chunk: string) => (texts.err += chunk));
  await once(child, "close");
  return { code: child.exitCode, ...texts };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}

function writeConfig(port: number): string {
  const path = folder.file("store.yaml");
  writeFileSync(
    path,
    `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: data }
lanes: [{ id: "05", devices: [{ id: till-5, type: printer-tcp, listen: "127.0.0.1:${port}", idleMs: 200 }] }]
uplink: { url: "mqtt://127.0.0.1:1" }
`,
  );
  return path;
}

async function startDaemon(config: string): Promise<ChildProcess> {
  const daemon = spawn(script, ["run", "--config", config], { stdio: "ignore" });
  children.push(daemon);
  await until(() => existsSync(folder.file("data/control.sock")), { timeoutMs: 20_000, what: "the control socket" });
  return daemon;
}

const objects = (text: string): readonly Record<string, unknown>[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test("runs from anywhere, through a link, without a word too much on standard error", async () => {
  symlinkSync(script, folder.file("storeloop"));
  const version = await run(folder.file("storeloop"), "--version");
  expect(version).toMatchObject({ code: 0, err: "" });
  expect(version.out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test("says what to run first when nothing is installed, and installs nothing by itself", async () => {
  mkdirSync(folder.file("scripts"));
  copyFileSync(script, folder.file("scripts/storeloop"));
  const ran = await run(folder.file("scripts/storeloop"), "status");
  expect(ran.code).toBe(1);
  expect(ran.err).toMatch(/npm start.*scripts\/setup/);
  expect(existsSync(folder.file("node_modules"))).toBe(false);
});

test("decodes a capture without a daemon", async () => {
  writeFileSync(folder.file("slip.bin"), Buffer.from("\u001B@Hello shop\nTotal 1.00\n\u001DV\u0000", "latin1"));
  const ran = await run(script, "receipts", "decode", folder.file("slip.bin"), "--profile", "none", "--json");
  expect(ran).toMatchObject({ code: 0, err: "" });
  expect(objects(ran.out)).toMatchObject([{ lines: ["Hello shop", "Total 1.00"], profile: "generic" }]);
});

test("follows a daemon through its life: not running, running, printing, doubled, stopped", async () => {
  const port = await freePort();
  const config = writeConfig(port);
  expect((await run(script, "status", "--config", config)).code).toBe(4);

  const daemon = await startDaemon(config);
  const status = await run(script, "status", "--config", config, "--json");
  expect(status.code).toBe(0);
  expect(objects(status.out)).toMatchObject([
    { pid: daemon.pid, agentId: "0117-a", devices: [{ deviceId: "till-5" }] },
  ]);

  const pos = connect(port, "127.0.0.1");
  pos.on("error", () => undefined);
  pos.end(Buffer.from("\u001B@Hello shop\nTotal 1.00\n\u001DV\u0000", "latin1"));
  const listed = await until(
    async () => {
      const { out } = await run(script, "receipts", "list", "--config", config, "--json");
      return out === "" ? undefined : objects(out);
    },
    { timeoutMs: 20_000, what: "the receipt" },
  );
  expect(listed).toMatchObject([{ laneId: "05", deviceId: "till-5" }]);
  const shown = await run(script, "receipts", "show", String(listed[0]?.["entryId"]), "--config", config);
  expect(shown.out).toMatch(/^│ Hello shop +│$/m);

  const second = await run(script, "run", "--config", config);
  expect(second).toMatchObject({ code: 1 });
  expect(second.err).toMatch(/^LEDGER_LOCKED: /m);

  daemon.kill("SIGTERM");
  await once(daemon, "exit");
  expect(daemon.exitCode).toBe(0);
  expect(existsSync(folder.file("data/control.sock"))).toBe(false);
});

test("doctor checks the chain of the ledger with the daemon and without it", async () => {
  const config = writeConfig(await freePort());
  const daemon = await startDaemon(config);
  const chain = /"id":"ledger","state":"ok"/;
  expect((await run(script, "doctor", "--config", config, "--json")).out).toMatch(chain);
  daemon.kill("SIGKILL");
  await once(daemon, "exit");
  const after = await run(script, "doctor", "--config", config, "--json");
  expect(after.out).toMatch(chain);
  expect(after.out).toMatch(/"id":"daemon","state":"warn"/);
  // The broker is away on purpose.
  expect(after.code).toBe(1);
});

test("a reader that leaves early is no error", async () => {
  const ran = await run("/bin/sh", "-c", `${script} config show | head -n 1`);
  expect(ran).toMatchObject({ code: 0, err: "" });
});
