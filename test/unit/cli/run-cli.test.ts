import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { columnsOf } from "../../../agent/cli/columns.ts";
import { runCli } from "../../../agent/cli/run-cli.ts";
import { openControl } from "../../../agent/control/control-server.ts";
import type { Snapshot } from "../../../agent/control/snapshot.ts";
import { StoreloopError } from "../../../agent/core/errors.ts";
import { asSeq } from "../../../agent/core/ids.ts";
import type { LiveEvent } from "../../../agent/core/live-event.ts";
import { CapturedTerminal } from "../../support/captured-terminal.ts";
import { plainStore } from "../../support/plain-store.ts";
import { ScriptedOperations } from "../../support/scripted-operations.ts";
import { ScriptedSource, scriptedAtMs, scriptedReceipt, scriptedSnapshot } from "../../support/scripted-source.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { until } from "../../support/until.ts";

let folder: TempFolder;
let source: ScriptedSource;
let operations: ScriptedOperations;
let terminal: CapturedTerminal;
let configPath: string;

beforeEach(() => {
  folder = new TempFolder();
  source = new ScriptedSource();
  operations = new ScriptedOperations();
  terminal = new CapturedTerminal();
  configPath = folder.file("store.yaml");
  writeFileSync(configPath, plainStore());
});
afterEach(() => folder[Symbol.dispose]());

const cli = (...argv: string[]): Promise<number> => runCli([...argv, "--config", configPath], operations, terminal);
const daemon = (): Promise<AsyncDisposable> => openControl(source, folder.file("data"));

test("status says in one glance that all is well", async () => {
  await using _daemon = await daemon();
  expect(await cli("status")).toBe(0);
  expect(terminal.text).toMatchInlineSnapshot(`
    "storeloop 0.1.0 · store 0117 · agent 0117-a · up 3 h 12 min (pid 4711)
    All is well.

    ✓ Cloud  connected for 1 h, everything acknowledged  (mqtt://127.0.0.1:1883)
    ✓ Ledger  120 entries, acknowledged up to 120, 4.2 MB
    ✓ Since start  61 receipts, 1 repeated, 23 touches, 0 scans, 0 visits, 22 links

      Device          Lane or zone  Type         State  For
    ✓ till-5-printer  05            printer-tcp  up     3 h 12 min
    ✓ till-5-nfc      05            nfc          up     1 min"
  `);
});

const troubled = (): Snapshot => {
  const well = scriptedSnapshot();
  return {
    ...well,
    version: "0.0.9",
    devices: [
      ...well.devices.slice(0, 1),
      ...well.devices.slice(1).map((device) => ({
        ...device,
        health: { state: "down" as const, sinceMs: scriptedAtMs - 65_000, code: "NFC_PCSCD_DOWN", detail: "no socket" },
      })),
    ],
    ledger: { ...well.ledger, backlog: 4312 },
    uplink: { state: "disconnected", sinceMs: scriptedAtMs - 90_000_000, url: "mqtt://broker:1883", detail: "refused" },
    counters: { ...well.counters, shed: 3 },
    alarms: [{ code: "LEDGER_UNWRITABLE", sinceMs: scriptedAtMs, detail: "disk full" }],
  };
};

test("status says what is wrong and what to do about it, in Chinese where that is the language", async () => {
  source.current = troubled();
  await using _daemon = await daemon();
  expect(await cli("status", "--lang", "zh-CN")).toBe(0);
  expect(terminal.text).toMatchInlineSnapshot(`
    "storeloop 0.0.9 · 门店 0117 · 本机编号 0117-a · 已运行 3 小时 12 分(进程 4711)
      → 已安装 0.1.0,但运行的是 0.0.9:重启服务。
    有 3 处需要注意:

    ✗ 云端  未连接(1 天 1 小时);4312 条已保存,等待发送
        mqtt://broker:1883
        refused
        → 运行 storeloop doctor 检查网络;数据都保存在本机,不会丢失。
    ✓ 账本  120 条,已确认到 120,占 4.2 MB
    ! 启动以来  小票 61,重复 1,触碰 23,扫码 0,到访 0,关联 22
      因队列满丢弃 3,账本拒绝 0

      设备            收银台/区域  类型         状态           已持续
    ✓ till-5-printer  05           printer-tcp  正常           3 小时 12 分
    ✗ till-5-nfc      05           nfc          断开,自动重试  1 分 5 秒
        NFC_PCSCD_DOWN: no socket
        → 读卡服务 pcscd 未运行:执行 systemctl start pcscd.socket,并确认已安装 pcscd。

    ✗ 告警 LEDGER_UNWRITABLE  始于 2026-03-14 10:02:31
        disk full
        → 检查磁盘空间、数据目录权限和磁盘健康,然后重启服务。"
  `);
});

test("status says what to do where the ledger refused something", async () => {
  source.current = scriptedSnapshot({ counters: { ...scriptedSnapshot().counters, refused: 1 } });
  await using _daemon = await daemon();
  expect(await cli("status")).toBe(0);
  expect(terminal.text).toMatch(/1 refused by the ledger\n {4}→ Check free disk space/);
});

test("status --json is the snapshot as one object on one line", async () => {
  await using _daemon = await daemon();
  expect(await cli("status", "--json")).toBe(0);
  expect(terminal.lines).toHaveLength(1);
  expect(JSON.parse(terminal.text)).toEqual(source.current);
});

test.each([["status"], ["watch"], ["receipts", "list"], ["receipts", "show", "1"]])(
  "%s %s exits 4 and says how to start the daemon when none runs",
  async (...words) => {
    expect(await cli(...words)).toBe(4);
    expect(terminal.lines).toEqual([]);
    expect(terminal.errorText).toMatch(
      /^CONTROL_NOT_RUNNING: nobody listens on .*\n {2}because: .*\n {2}→ .*systemctl start/,
    );
  },
);

test("an error with --json is one JSON object on standard error", async () => {
  expect(await cli("status", "--json")).toBe(4);
  expect(terminal.lines).toEqual([]);
  expect(JSON.parse(terminal.errorText)).toMatchObject({ error: { code: "CONTROL_NOT_RUNNING" } });
});

test("receipts list aligns wide characters and fits 80 columns", async () => {
  source.all = [
    scriptedReceipt(),
    scriptedReceipt({ seq: asSeq(7), sequenceNumber: "收-7", kind: "refund", totalMinor: -1_200_000, profile: "none" }),
  ];
  terminal.columns = 80;
  await using _daemon = await daemon();
  expect(await cli("receipts", "list", "--lang", "zh-CN")).toBe(0);
  expect(terminal.text).toMatchInlineSnapshot(`
    "记录时间        收银台  小票号   类型  行数           合计  触碰  核对  序号
    03-14 10:02:31  05      0003364  销售     2      92.01 CNY  -     相符    12
    03-14 10:02:31  05      收-7     退货     2  -12000.00 CNY  -     相符     7"
  `);
});

test("receipts list --json is one object a line, newest first, in the names of the ledger", async () => {
  source.all = [scriptedReceipt(), scriptedReceipt({ seq: asSeq(7) })];
  await using _daemon = await daemon();
  expect(await cli("receipts", "list", "--json", "--limit", "5")).toBe(0);
  expect(terminal.lines.map((line): unknown => JSON.parse(line))).toEqual(source.all);
});

test("receipts list asks for no more than it was told to and pages back", async () => {
  source.all = [scriptedReceipt(), scriptedReceipt({ seq: asSeq(7) }), scriptedReceipt({ seq: asSeq(3) })];
  await using _daemon = await daemon();
  expect(await cli("receipts", "list", "--json", "--limit", "1", "--before", "12")).toBe(0);
  expect(terminal.lines.map((line): unknown => JSON.parse(line))).toEqual([source.all[1]]);
});

test("receipts show draws the receipt as it was laid out and lets no control character through", async () => {
  source.all = [scriptedReceipt({ lines: [...scriptedReceipt().lines, "\u001B[2Jevil\u0007"] })];
  await using _daemon = await daemon();
  expect(await cli("receipts", "show", "0003364")).toBe(0);
  expect(terminal.text).toMatchInlineSnapshot(`
    "┌───────────────────────────┐
    │         某某超市          │
    │ 可口可乐 500ml       7.00 │
    │ 合计                92.01 │
    │ �[2Jevil�                 │
    └───────────────────────────┘
    Kind          sale
    Store / lane  0117 / 05
    Receipt       0003364
    Printed       2026-03-14 10:02:29
    Recorded      2026-03-14 10:02:31  #12
    Total         92.01 CNY
    Paid by       cash 100.00 CNY
    Touch         none
    Check         amounts agree
    Profile       cn-grocery (98 %)
    Entry         0195934b-7c00-7000-8000-000000000012"
  `);
});

test.each([
  ["its printed number", ["0003364"]],
  ["its printed number and lane", ["0003364", "--lane", "05"]],
  ["its place in the ledger", ["12", "--by", "seq"]],
  ["its entry id", ["0195934b-7c00-7000-8000-000000000012"]],
])("receipts show finds a receipt by %s", async (_name, words) => {
  source.all = [scriptedReceipt()];
  await using _daemon = await daemon();
  expect(await cli("receipts", "show", ...words, "--json")).toBe(0);
  expect(JSON.parse(terminal.text)).toEqual(source.all[0]);
});

test("receipts show exits 1 for a receipt nobody knows", async () => {
  await using _daemon = await daemon();
  expect(await cli("receipts", "show", "0009999")).toBe(1);
  expect(terminal.errorText).toMatch(/^RECEIPT_UNKNOWN/);
});

test("receipts decode works without a daemon and a configuration, one JSON object a segment", async () => {
  operations.segments = [{ kind: "sale", totalMinor: 9201 }, { kind: "other" }];
  writeFileSync(folder.file("capture.bin"), Buffer.from([0x1b, 0x40, 0xff]));
  configPath = folder.file("absent.yaml");
  expect(await cli("receipts", "decode", folder.file("capture.bin"), "--profile", "none", "--json")).toBe(0);
  expect(terminal.lines).toEqual(operations.segments.map((segment) => JSON.stringify(segment)));
  expect([...operations.decoded[0]!.bytes]).toEqual([0x1b, 0x40, 0xff]);
  expect(operations.decoded[0]!.options).toEqual({ profile: "none", reveal: false });
});

test("receipts decode says that a file cannot be read", async () => {
  expect(await cli("receipts", "decode", folder.file("absent.bin"))).toBe(1);
  expect(terminal.errorText).toMatch(/^FILE_UNREADABLE/);
});

const tap = (n: number): LiveEvent => ({
  type: "acknowledged",
  atMs: scriptedAtMs,
  firstSeq: asSeq(n),
  lastSeq: asSeq(n),
});

test("watch prints a line for each event until Ctrl+C, which is no failure", async () => {
  await using _daemon = await daemon();
  const watching = cli("watch");
  await until(() => terminal.errors.length > 0);
  source.feed.publish(tap(1));
  source.feed.publish(tap(2));
  await until(() => terminal.lines.length === 2);
  terminal.stop();
  expect(await watching).toBe(0);
  expect(terminal.lines).toEqual([
    "10:02:31  acknowledged            stored in the cloud: #1–#1",
    "10:02:31  acknowledged            stored in the cloud: #2–#2",
  ]);
});

test("watch --json prints one event a line and exits 4 when the daemon ends", async () => {
  const running = await daemon();
  const watching = cli("watch", "--json");
  await until(() => source.feed.watching === 1);
  source.feed.publish(tap(1));
  await running[Symbol.asyncDispose]();
  expect(await watching).toBe(4);
  expect(terminal.lines).toEqual([JSON.stringify(tap(1))]);
});

test("run hands over the checked configuration and exits 1 with the code when the daemon fails", async () => {
  operations.daemon = (config) =>
    Promise.reject(new StoreloopError("LEDGER_LOCKED", config.agent.dataDir, { cause: new Error("SQLITE_BUSY") }));
  expect(await cli("run")).toBe(1);
  expect(terminal.errors).toEqual([
    `LEDGER_LOCKED: ${folder.file("data")}`,
    "  because: SQLITE_BUSY",
    "  → Another storeloop is using this data folder: stop it first, by `systemctl stop storeloop` or by",
    "    the pid in `storeloop status`.",
  ]);
});

test("run ends with 0 when it is told to stop", async () => {
  operations.daemon = (_config, signal) =>
    new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  const running = cli("run");
  terminal.stop();
  expect(await running).toBe(0);
});

test("a command that needs the configuration lists all its faults and exits 1", async () => {
  writeFileSync(configPath, plainStore().replace('"0117"', "0117").replace("lanes:", "lane:"));
  expect(await cli("status")).toBe(1);
  expect(terminal.errors).toEqual([
    `${configPath}:2:25: store.retailStoreId: 0117 without quotes is read as the number 117: the leading zero is lost`,
    '    → If it is a code, put quotes round it: "0117". If it is a quantity, write 117.',
    `${configPath}:4:1: lane: unknown key lane`,
    "    → Did you mean lanes?",
    `CONFIG_INVALID: ${configPath}: 2 faults`,
    "  → Correct the configuration at the lines named, then run `storeloop config validate`.",
  ]);
});

test("config validate answers on standard output: 0 without faults, 1 with", async () => {
  expect(await cli("config", "validate", "--json")).toBe(0);
  expect(JSON.parse(terminal.text)).toMatchObject({ valid: true, faults: [], source: { chosenBy: "flag" } });
  terminal.lines.length = 0;
  writeFileSync(configPath, "version: 2\n");
  expect(await cli("config", "validate")).toBe(1);
  expect(terminal.lines[0]).toBe(`${configPath}:1:1: store: is missing`);
});

test("config validate and doctor name profiles and charsets that do not exist, with the place in the file", async () => {
  const till = (more: string): string => `devices: [{ id: p, type: print-folder, path: out, ${more} }]`;
  writeFileSync(configPath, plainStore().replace("devices: []", till("charset: gb18O30, profile: cn-store")));
  expect(await cli("config", "validate")).toBe(1);
  expect(terminal.lines).toEqual([
    expect.stringMatching(/:\d+:\d+: lanes\[0\]\.devices\[0\]\.profile: there is no receipt profile 'cn-store'$/),
    expect.stringMatching(/→ One of: auto, none, .*cn-store-58mm/),
    expect.stringMatching(/:\d+:\d+: lanes\[0\]\.devices\[0\]\.charset: there is no charset 'gb18O30'$/),
    expect.stringMatching(/→ .*gb18030/),
  ]);
  terminal.lines.length = 0;
  expect(await cli("doctor", "--json")).toBe(1);
  expect(terminal.text).toContain("there is no charset 'gb18O30'");
  writeFileSync(configPath, plainStore().replace("devices: []", till("charset: GB-18030, profile: cn-store-58mm")));
  expect(await cli("config", "validate")).toBe(0);
});

test("config validate FILE checks that file", async () => {
  const example = new URL("../../../config/example.yaml", import.meta.url);
  writeFileSync(configPath, "garbage");
  expect(await runCli(["config", "validate", example.pathname, "--lang", "en"], operations, terminal)).toBe(0);
  expect(terminal.text).toBe(`${example.pathname}: no faults`);
});

test("config show prints what is in force, and --json names the defaults", async () => {
  expect(await cli("config", "show")).toBe(0);
  expect(terminal.text).toContain("logLevel: info # default");
  terminal.lines.length = 0;
  expect(await cli("config", "show", "--json")).toBe(0);
  const shown: unknown = JSON.parse(terminal.text);
  expect(shown).toMatchObject({ config: { agent: { dataDir: folder.file("data") } } });
  expect(shown).toHaveProperty("defaulted", expect.arrayContaining(["agent.logLevel"]));
});

test("the language comes from --lang, else the configuration, else the environment", async () => {
  terminal.env = { LANG: "zh_CN.UTF-8" };
  await cli("status");
  writeFileSync(configPath, plainStore(", locale: en"));
  await cli("status");
  await cli("status", "--lang", "zh-CN");
  const hints = terminal.errors.filter((line) => line.startsWith("  →"));
  expect(hints.map((line) => /[一-龥]/.test(line))).toEqual([true, false, true]);
});

test.each([
  [["frobnicate"]],
  [["status", "--frobnicate"]],
  [["receipts"]],
  [[]],
  [["receipts", "list", "--limit", "none"]],
  [["receipts", "show"]],
  [["status", "--lang", "fr"]],
  [["status", "surplus"]],
])("%j is a usage error: exit 2, nothing on standard output", async (words) => {
  expect(await runCli(words, operations, terminal)).toBe(2);
  expect(terminal.lines).toEqual([]);
  expect(terminal.errorText).not.toBe("");
});

test.each([
  [["statsu"], "没有命令 statsu;是否想写 status?", "unknown command 'statsu'; did you mean status?"],
  [["status", "--jsno"], "没有选项 --jsno;是否想写 --json?", "unknown option '--jsno'; did you mean --json?"],
  [["status", "surplus"], "多余的参数:surplus", /^too many arguments/],
  [["simulate", "scan"], "缺少参数 code", /^missing required argument/],
  [["profile", "new"], "必须给出选项 --from <capture...>", /^required option/],
  [["receipts", "list", "--limit"], "选项 --limit <count> 后面缺少值", /argument missing$/],
  [["receipts", "list", "--limit", "0"], "选项 --limit <count> 不能是 0:须为从 1 起的整数", /whole number from 1/],
  [["simulate", "ble", "--rssi", "9"], "选项 --rssi <dBm> 不能是 9:须为 -120 到 0 的整数", /from -120 to 0/],
  [["receipts", "replay", "--since", "noon"], /^选项 --since <date> 不能是 noon:须为日期/, /a date is wanted/],
  [["receipts", "show", "1", "--by", "x"], "选项 --by <what> 不能是 x;取值之一:number, seq, entry", /Allowed choices/],
  [["receipts", "show"], "请给出 key 或 --file 之一", "give either a key or --file"],
  [["receipts", "show", "abc", "--by", "seq"], "abc 不是序号:须为从 1 起的整数", /no place in the ledger/],
])("%j is told in words of the language, and with --json as one object: exit 2", async (words, chinese, english) => {
  const matching = (sentence: string | RegExp): unknown =>
    typeof sentence === "string" ? sentence : (expect.stringMatching(sentence) as unknown);
  expect(await cli(...words, "--lang", "zh-CN")).toBe(2);
  const [first = "", hint = ""] = terminal.errors;
  expect(first.replace(/^USAGE: /, "")).toEqual(matching(chinese));
  expect(hint).toContain("--help 查看用法");
  terminal.errors.length = 0;
  expect(await cli(...words, "--lang", "en", "--json")).toBe(2);
  expect(JSON.parse(terminal.errorText)).toMatchObject({ error: { code: "USAGE", message: matching(english) } });
  expect(terminal.lines).toEqual([]);
});

test("no command at all with --json is an error that a program can read", async () => {
  expect(await runCli(["--json"], operations, terminal)).toBe(2);
  expect(JSON.parse(terminal.errorText)).toMatchObject({ error: { code: "USAGE", message: "no command is given" } });
});

test.each([80, 60])("a help in Chinese has no English headings and fits %d columns", async (columns) => {
  terminal.columns = columns;
  const commands = ["", "run", "receipts", "receipts list", "receipts show", "simulate ble", "profile test", "config"];
  for (const command of commands)
    expect(
      await runCli([...command.split(" "), "--help", "--lang", "zh-CN"].filter(Boolean), operations, terminal),
    ).toBe(0);
  expect(terminal.text).not.toMatch(/Usage|Options|Commands|Arguments|default|choices|\[options\]|\[command\]/);
  const lines = terminal.text.split("\n");
  // What is one word cannot be broken.
  expect(lines.filter((line) => columnsOf(line) > columns && !/\S{20}/.test(line))).toEqual([]);
});

test("--help documents every exit code, in both languages, and --version the version", async () => {
  expect(await runCli(["--help"], operations, terminal)).toBe(0);
  expect(terminal.text).toMatch(/0 ok; 1 failure.*; 2 usage; 4 daemon not running; 130 a\s+check was cut off/);
  expect(await runCli(["--help", "--lang", "zh-CN"], operations, terminal)).toBe(0);
  expect(terminal.text).toMatch(/0 成功;1 失败.*;2 用法错误;4 守护进程未运行;130 检查被/);
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  expect(manifest).toHaveProperty("version", operations.version);
  expect(await runCli(["--version"], operations, terminal)).toBe(0);
  expect(terminal.lines.at(-1)).toBe(operations.version);
});

test("a defect is reported as one, with its stack, and not swallowed", async () => {
  operations.daemon = () => Promise.reject(new TypeError("x is not a function"));
  expect(await cli("run")).toBe(1);
  expect(terminal.errors[0]).toBe("UNEXPECTED: x is not a function");
  expect(terminal.errorText).toContain("run-cli.test.ts");
});
