import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../../../agent/cli/run-cli.ts";
import { openControl } from "../../../agent/control/control-server.ts";
import { StoreloopError } from "../../../agent/core/errors.ts";
import { CapturedTerminal } from "../../support/captured-terminal.ts";
import { runDoctorUnprivileged } from "../../support/doctor-run.ts";
import { ScriptedOperations } from "../../support/scripted-operations.ts";
import { ScriptedSource, scriptedSnapshot } from "../../support/scripted-source.ts";
import { TempFolder } from "../../support/temp-folder.ts";

let folder: TempFolder;
let operations: ScriptedOperations;
let terminal: CapturedTerminal;
let broker: Server;

beforeEach(async () => {
  folder = new TempFolder();
  operations = new ScriptedOperations();
  terminal = new CapturedTerminal();
  broker = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
  await once(broker, "listening");
});
afterEach(() => {
  broker.close();
  folder[Symbol.dispose]();
});

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return address.port;
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  server.close();
  await once(server, "close");
  return port;
}

interface Check {
  readonly id: string;
  readonly state: "ok" | "warn" | "fail";
  readonly what: string;
  readonly remedy?: string;
}

async function doctor(devices: string, url = `mqtt://127.0.0.1:${portOf(broker)}`) {
  writeFileSync(
    folder.file("store.yaml"),
    `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: data }
lanes: [{ id: "05", devices: [${devices}] }]
uplink: { url: "${url}" }
`,
  );
  const code = await runCli(["doctor", "--json", "--config", folder.file("store.yaml")], operations, terminal);
  const report = JSON.parse(terminal.lines.at(-1) ?? "") as { ok: boolean; checks: readonly Check[] };
  const states = Object.fromEntries(report.checks.map(({ id, state }) => [id, state]));
  const remedyOf = (id: string): string => report.checks.find((check) => check.id === id)?.remedy ?? "";
  return { code, ok: report.ok, checks: report.checks, states, remedyOf };
}

test("finds nothing wrong where nothing is wrong, and leaves nothing behind", async () => {
  operations.ledger = () => Promise.resolve({ state: "intact", entryCount: 7, headSeq: 7, epoch: "e" });
  const { code, ok, states } = await doctor(`{ id: p, type: printer-tcp, listen: "127.0.0.1:${await freePort()}" }`);
  expect({ code, ok }).toEqual({ code: 0, ok: true });
  expect(states).toMatchObject({
    config: "ok",
    daemon: "warn",
    "disk.space": "ok",
    "disk.write": "ok",
    "device.p": "ok",
    broker: "ok",
    ledger: "ok",
  });
});

test("names a port that another program holds, with how to find it", async () => {
  const { code, states, remedyOf } = await doctor(
    `{ id: p, type: printer-tcp, listen: "127.0.0.1:${portOf(broker)}" }`,
  );
  expect(code).toBe(1);
  expect(states).toMatchObject({ "device.p": "fail", broker: "ok" });
  expect(remedyOf("device.p")).toContain(`ss -ltnp | grep :${portOf(broker)}`);
});

test("tells an address that is not this machine's from a port that is taken", async () => {
  const { remedyOf } = await doctor(`{ id: p, type: printer-tcp, listen: "192.0.2.1:9100" }`);
  expect(remedyOf("device.p")).toMatch(/not this machine's/);
});

test("tries the real printer behind a proxy", async () => {
  const [listen, dead] = [await freePort(), await freePort()];
  const { states } = await doctor(
    `{ id: p, type: printer-tcp, listen: "127.0.0.1:${listen}", forwardTo: "127.0.0.1:${dead}" }`,
  );
  expect(states).toMatchObject({ "device.p": "ok", "device.p.forward": "fail" });
});

test("tells a serial port that is not there from one that is something else and from one that works", async () => {
  writeFileSync(folder.file("plain"), "");
  symlinkSync("/dev/null", folder.file("line"));
  const { states, remedyOf } = await doctor(
    "{ id: a, type: printer-serial, path: absent }, { id: b, type: printer-serial, path: plain }, { id: c, type: printer-serial, path: line }",
  );
  expect(states).toMatchObject({ "device.a": "fail", "device.b": "fail", "device.c": "ok" });
  expect(remedyOf("device.a")).toMatch(/cable/);
});

test("says that the broker cannot be reached and that nothing is lost meanwhile", async () => {
  const { code, states, remedyOf } = await doctor("", `mqtt://127.0.0.1:${await freePort()}`);
  expect(code).toBe(1);
  expect(states["broker"]).toBe("fail");
  expect(remedyOf("broker")).toMatch(/nothing is lost/);
});

test("a broker that speaks no TLS where TLS is configured is a failure, not a success", async () => {
  broker.on("connection", (socket) => socket.end("this is no TLS\r\n"));
  const { states, remedyOf } = await doctor("", `mqtts://127.0.0.1:${portOf(broker)}`);
  expect(states["broker"]).toBe("fail");
  expect(remedyOf("broker")).toMatch(/TLS/);
});

test("a broken chain and a ledger that cannot be read are failures with the remedy of their code", async () => {
  operations.ledger = () => Promise.resolve({ state: "broken", atSeq: 41, detail: "hash differs" });
  const broken = await doctor("");
  expect(broken.states["ledger"]).toBe("fail");
  expect(broken.remedyOf("ledger")).toMatch(/Delete nothing/);
  operations.ledger = () => Promise.reject(new StoreloopError("LEDGER_NEWER", "schema 9"));
  expect((await doctor("")).remedyOf("ledger")).toMatch(/newer version/);
});

test("asks a running daemon about its devices and chain instead of touching them", async () => {
  const source = new ScriptedSource();
  source.verification = () => Promise.resolve({ state: "broken", atSeq: 3, detail: "asked the daemon" });
  operations.ledger = () => Promise.reject(new Error("must not be asked"));
  await using _daemon = await openControl(source, folder.file("data"));
  const { states, checks } = await doctor(`{ id: p, type: printer-tcp, listen: "127.0.0.1:${portOf(broker)}" }`);
  expect(states).toMatchObject({
    daemon: "ok",
    "device.till-5-printer": "ok",
    "device.till-5-nfc": "ok",
    ledger: "fail",
  });
  expect(states).not.toHaveProperty(["device.p"]);
  expect(checks.find(({ id }) => id === "ledger")?.what).toContain("asked the daemon");
});

test("a data folder nobody may write to is a failure", async () => {
  await doctor("");
  using elsewhere = new TempFolder();
  chmodSync(elsewhere.path, 0o555);
  rmSync(folder.file("data"), { recursive: true, force: true });
  symlinkSync(elsewhere.path, folder.file("data"));
  const checks = await runDoctorUnprivileged(folder.file("store.yaml"), folder.path);
  expect(checks.find(({ id }) => id === "disk.write")).toMatchObject({ state: "fail" });
});

test("does not blame devices and ledger on the look of a daemon that is there and cannot be asked", async () => {
  mkdirSync(folder.file("data"));
  const mute = createServer((socket) => socket.end("?")).listen(folder.file("data/control.sock"));
  await once(mute, "listening");
  const { code, states, remedyOf } = await doctor("{ id: till-1, type: printer-serial, path: /nowhere/tty }");
  mute.close();
  expect(code).toBe(1);
  expect(states).toMatchObject({ daemon: "fail", devices: "warn", broker: "ok" });
  expect(remedyOf("devices")).toContain("run doctor again");
  expect(Object.keys(states).filter((id) => id === "ledger" || id.startsWith("device."))).toEqual([]);
});

test("does not pass over a missing configuration: the virtual store is no shop", async () => {
  await runCli(["doctor", "--json"], operations, terminal);
  const report = JSON.parse(terminal.lines.at(-1) ?? "") as { checks: readonly Check[] };
  expect(report.checks[0]).toMatchObject({ id: "config", state: "warn" });
  expect(report.checks[0]?.remedy).toContain("/etc/storeloop/storeloop.yaml");
});

test("says what the daemon has against a broker that can be reached: a refused login is a failure", async () => {
  const source = new ScriptedSource();
  const since = { sinceMs: 0, url: "mqtt://127.0.0.1:1883" };
  source.current = scriptedSnapshot({
    uplink: { state: "disconnected", ...since, code: "SYNC_BROKER_REFUSED", detail: "Not authorized" },
  });
  await using _daemon = await openControl(source, folder.file("data"));
  const { code, states, remedyOf } = await doctor("");
  expect(code).toBe(1);
  expect(states).toMatchObject({ broker: "ok", uplink: "fail" });
  expect(remedyOf("uplink")).toContain("check user name and password");
  source.current = scriptedSnapshot();
  expect((await doctor("")).states).not.toHaveProperty("uplink");
});

test("a broker without TLS that hangs up is one without TLS, and no trouble of the network", async () => {
  const plain = createServer((socket) => socket.on("data", () => socket.resetAndDestroy())).listen(0, "127.0.0.1");
  await once(plain, "listening");
  const { remedyOf } = await doctor("", `mqtts://127.0.0.1:${portOf(plain)}`);
  plain.close();
  expect(remedyOf("broker")).toMatch(/does not speak TLS/);
});

test("stops at a configuration that does not load and lists its faults", async () => {
  writeFileSync(folder.file("bad.yaml"), "version: 1\nstore: {}\n");
  expect(await runCli(["doctor", "--config", folder.file("bad.yaml")], operations, terminal)).toBe(1);
  expect(terminal.text).toMatch(/^✗ .*bad\.yaml:2:1 store\.retailStoreId: is missing$/m);
  expect(terminal.lines.at(-1)).toMatch(/of these need you/);
});

test("uses colour only where the terminal has it", async () => {
  writeFileSync(folder.file("bad.yaml"), "version: 1\n");
  terminal.colour = true;
  await runCli(["doctor", "--config", folder.file("bad.yaml")], operations, terminal);
  expect(terminal.lines[0]?.startsWith("\u001B[31m✗\u001B[0m ")).toBe(true);
});
