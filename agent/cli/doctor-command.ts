import { ControlClient } from "../control/control-client.ts";
import type { ChainCheck } from "../control/control-source.ts";
import type { Snapshot } from "../control/snapshot.ts";
import { catalogue } from "../core/error-catalogue.ts";
import { codeOf } from "../core/errors.ts";
import { chosenBy } from "./config-commands.ts";
import { alarmsOfDaemon } from "./doctor-alarms.ts";
import { orCutOff } from "./cut-off.ts";
import { checkBroker, uplinkOfDaemon } from "./doctor-broker.ts";
import { devicesOfDaemon, probeDevices } from "./doctor-devices.ts";
import { checkDisk } from "./doctor-disk.ts";
import { fine, wrong, type Finding } from "./doctor-finding.ts";
import { findingLines } from "./doctor-lines.ts";
import type { Machine } from "./doctor-machine.ts";
import { exitCode } from "./exit-code.ts";
import type { Invocation } from "./invocation.ts";
import type { CliConfig } from "./operations.ts";
import { printLineFaults } from "./print-line-faults.ts";
import { text } from "./text.ts";

/** `storeloop doctor`: checks everything the daemon stands on and says what to do; exit 1 when something fails, 130 when it is cut off. */
export async function doctorCommand<C extends CliConfig>(invocation: Invocation<C>): Promise<number> {
  return await orCutOff(invocation.terminal, () => check(invocation));
}

async function check<C extends CliConfig>(invocation: Invocation<C>): Promise<number> {
  const { terminal, json, say } = invocation;
  const findings: Finding[] = [];
  const show = (found: readonly Finding[]): void => {
    // What an interrupted check found is no finding.
    terminal.signal.throwIfAborted();
    findings.push(...found);
    if (!json) for (const line of found.flatMap((finding) => findingLines(finding, terminal, say))) terminal.out(line);
  };
  show(checkConfig(invocation));
  if (invocation.loaded.state === "ok") await checkRest(invocation, invocation.loaded.config, show);
  const failed = findings.filter(({ state }) => state === "fail").length;
  if (json) {
    const checks = findings.map(({ id, state, what, remedy, commands }) => ({
      id,
      state,
      what: say(what),
      ...(remedy === undefined ? {} : { remedy: say(remedy) }),
      ...(commands === undefined ? {} : { commands }),
    }));
    terminal.out(JSON.stringify({ ok: failed === 0, checks }));
  } else {
    const verdict =
      failed === 0
        ? text("没有发现故障。", "Nothing is wrong.")
        : text(`${failed} 项有故障。`, `${failed} of these need you.`);
    terminal.out(`\n${say(verdict)}`);
  }
  return failed === 0 ? exitCode.ok : exitCode.failure;
}

async function checkRest<C extends CliConfig>(
  invocation: Invocation<C>,
  config: C,
  show: (found: readonly Finding[]) => void,
): Promise<void> {
  const { terminal } = invocation;
  show(await checkProfiles(invocation, config));
  const daemon = await findDaemon(config, terminal.signal);
  show([daemon.finding]);
  show(await checkDisk(config.agent.dataDir, terminal.clock));
  // What the daemon holds cannot be probed from outside, and a printer may take one connection only: ask the daemon.
  const { snapshot } = daemon;
  if (snapshot === undefined && daemon.finding.state === "fail") {
    show([await checkBroker(config, terminal.signal), notLookedAt]);
    return;
  }
  const machine = await lookAt(invocation, snapshot?.pid);
  show(
    await (snapshot === undefined ? probeDevices(config, machine) : devicesOfDaemon(config, snapshot.devices, machine)),
  );
  show(alarmsOfDaemon(snapshot?.alarms ?? []));
  const broker = await checkBroker(config, terminal.signal);
  show([broker]);
  if (broker.state === "ok" && snapshot !== undefined) show(uplinkOfDaemon(snapshot.uplink));
  show([await checkLedger(invocation, config, snapshot !== undefined)]);
}

async function lookAt<C extends CliConfig>(
  { operations, terminal: { signal } }: Invocation<C>,
  daemonPid: number | undefined,
): Promise<Machine> {
  return {
    root: operations.root,
    found: await operations.foundDevices(),
    cardService: () => operations.cardService(signal),
    process: daemonPid ?? "self",
    signal,
  };
}

function checkConfig<C extends CliConfig>({ loaded }: Invocation<C>): readonly Finding[] {
  const { path } = loaded.source;
  if (loaded.state === "ok") {
    const why = chosenBy(loaded.source);
    const what = text(`配置 ${path}(${why["zh-CN"]})`, `configuration ${path} (${why.en})`);
    return [loaded.source.chosenBy === "embedded" ? wrong("config", "warn", what, writeOne) : fine("config", what)];
  }
  if (loaded.state === "unreadable")
    return [
      wrong(
        "config",
        "fail",
        text(`读不到 ${path}:${loaded.detail["zh-CN"]}`, `cannot read ${path}: ${loaded.detail.en}`),
        catalogue.CONFIG_UNREADABLE,
      ),
    ];
  return loaded.faults.map((fault) => {
    const where = `${path}:${fault.line}:${fault.column} ${fault.path}`;
    return wrong(
      "config",
      "fail",
      text(`${where}:${fault.message["zh-CN"]}`, `${where}: ${fault.message.en}`),
      fault.hint,
    );
  });
}

async function checkProfiles<C extends CliConfig>(
  { operations, loaded }: Invocation<C>,
  { agent: { profilesDir } }: C,
): Promise<readonly Finding[]> {
  const { names, faults: inProfiles } = await operations.profiles.check(profilesDir);
  const inLines = loaded.state === "ok" ? await printLineFaults(loaded, names, operations) : [];
  const faults = [...inLines.map((fault) => ({ file: loaded.source.path, ...fault })), ...inProfiles];
  const where = profilesDir === undefined ? text("", "") : text(`,含 ${profilesDir}`, `, with those of ${profilesDir}`);
  if (faults.length === 0)
    return [
      fine(
        "profiles",
        text(
          `${names.length} 个小票版式,样例全部通过${where["zh-CN"]}`,
          `${names.length} receipt profiles, all their samples pass${where.en}`,
        ),
      ),
    ];
  return faults.map(({ file, line, column, path, message, hint }) => {
    const place = `${file}:${line}:${column} ${path}`;
    return wrong("profiles", "fail", text(`${place}:${message["zh-CN"]}`, `${place}: ${message.en}`), hint);
  });
}

interface Daemon {
  readonly finding: Finding;
  readonly snapshot?: Snapshot;
}

async function findDaemon(config: CliConfig, signal: AbortSignal): Promise<Daemon> {
  try {
    const snapshot = await new ControlClient(config.agent.dataDir).status(signal);
    const { pid, version } = snapshot;
    return {
      snapshot,
      finding: fine(
        "daemon",
        text(`守护进程在运行(进程 ${pid},${version})`, `the daemon is running (pid ${pid}, ${version})`),
      ),
    };
  } catch (error) {
    const code = codeOf(error);
    const notRunning = code === "CONTROL_NOT_RUNNING";
    const what = notRunning
      ? text("守护进程未运行", "the daemon is not running")
      : text(`守护进程无法询问:${code}`, `the daemon cannot be asked: ${code}`);
    return { finding: wrong("daemon", notRunning ? "warn" : "fail", what, notRunning ? startIt : catalogue[code]) };
  }
}

const writeOne = text(
  "门店里需要自己的配置:把 config/example.yaml 复制为 /etc/storeloop/storeloop.yaml 并修改。",
  "A store needs a configuration of its own: copy config/example.yaml to /etc/storeloop/storeloop.yaml and edit it.",
);

/** A daemon that does not answer has its devices and its ledger all the same: from outside all of them would look broken. */
const notLookedAt: Finding = wrong(
  "devices",
  "warn",
  text("设备和账本没有检查:只有守护进程知道", "devices and ledger were not looked at: only the daemon knows"),
  text(
    "先解决上面守护进程的问题,再运行 doctor。",
    "First mend what is said of the daemon above, then run doctor again.",
  ),
);

const startIt = text(
  "启动:systemctl start storeloop,或 storeloop run。",
  "Start it: `systemctl start storeloop` or `storeloop run`.",
);

async function checkLedger<C extends CliConfig>(
  invocation: Invocation<C>,
  config: C,
  running: boolean,
): Promise<Finding> {
  const { operations, terminal } = invocation;
  try {
    const result: ChainCheck | { readonly state: "absent" } = running
      ? await new ControlClient(config.agent.dataDir).verify(terminal.signal)
      : await operations.verifyLedger(config, terminal.signal);
    switch (result.state) {
      case "absent":
        return fine("ledger", text("还没有账本", "there is no ledger yet"));
      case "intact":
        return fine(
          "ledger",
          text(`账本链完整,共 ${result.entryCount} 条`, `the chain of the ledger holds: ${result.entryCount} entries`),
        );
      case "broken":
        return wrong(
          "ledger",
          "fail",
          text(
            `账本链在第 ${result.atSeq} 条断开:${result.detail}`,
            `the chain of the ledger breaks at entry ${result.atSeq}: ${result.detail}`,
          ),
          catalogue.LEDGER_CORRUPT,
        );
    }
  } catch (error) {
    const code = codeOf(error);
    const message = error instanceof Error ? error.message : String(error);
    return wrong(
      "ledger",
      "fail",
      text(`账本无法检查:${code}(${message})`, `the ledger cannot be checked: ${code} (${message})`),
      catalogue[code],
    );
  }
}
