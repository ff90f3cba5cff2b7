import { constants } from "node:fs";
import { access, readdir, stat } from "node:fs/promises";
import { createServer } from "node:net";
import type { DeviceState } from "../core/driver.ts";
import { catalogue, type ErrorCode } from "../core/error-catalogue.ts";
import { fine, wrong, type Finding } from "./doctor-finding.ts";
import { hasLiveRelay } from "./live-relay.ts";
import { generalRemedy, healthWords } from "./health-words.ts";
import type { CliConfig, CliDevice, CliEndpoint } from "./operations.ts";
import { reach } from "./reach.ts";
import { text, type Text } from "./text.ts";

/** Where pcscd listens; no library needs to be loaded to see it. */
const pcscdSocket = "/run/pcscd/pcscd.comm";

/** What the daemon says of the devices it holds. */
export function devicesOfDaemon(devices: readonly DeviceState[]): readonly Finding[] {
  return devices.map(({ deviceId, health }) => {
    const id = `device.${deviceId}`;
    const seen = health.detail ?? health.code;
    if (health.state === "up") return fine(id, text(`${deviceId} 正常`, `${deviceId} is up`));
    const what = text(
      `${deviceId} ${healthWords[health.state]["zh-CN"]}${seen === undefined ? "" : `:${seen}`}`,
      `${deviceId}: ${healthWords[health.state].en}${seen === undefined ? "" : `: ${seen}`}`,
    );
    return wrong(id, health.state === "starting" ? "warn" : "fail", what, hintFor(health.code));
  });
}

function hintFor(code: string | undefined): Text {
  return code !== undefined && isErrorCode(code) ? catalogue[code] : generalRemedy;
}

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(catalogue, code);

/** Looks at each configured device without the daemon: nothing is printed, read or held open. */
export async function probeDevices(config: CliConfig, signal: AbortSignal): Promise<readonly Finding[]> {
  const devices = config.lanes.flatMap((lane) => lane.devices);
  const relayLives = await hasLiveRelay(config.agent.dataDir);
  return (await Promise.all(devices.map((device) => probe(device, relayLives, signal)))).flat();
}

async function probe(device: CliDevice, relayLives: boolean, signal: AbortSignal): Promise<readonly Finding[]> {
  switch (device.type) {
    case "printer-tcp": {
      const { id, listen, forwardTo } = device;
      if (forwardTo === undefined) return [await probePort(id, listen)];
      return [await probePort(id, listen, relayLives), await probePrinter(id, forwardTo, signal)];
    }
    case "printer-serial":
      return await Promise.all(
        [device.path, ...(device.forwardTo === undefined ? [] : [device.forwardTo])].map((path, index) =>
          probeSerial(index === 0 ? device.id : `${device.id}.forward`, path),
        ),
      );
    case "print-folder":
      return [await probeFolder(device.id, device.path)];
    case "hid":
      return [];
    case "nfc":
      return [await probePcscd(device.id, device.reader, signal)];
  }
}

/** `relayLives`: the port is as it should be when a relay has it, which goes on printing while the daemon is away. */
async function probePort(deviceId: string, { host, port }: CliEndpoint, relayLives = false): Promise<Finding> {
  const id = `device.${deviceId}`;
  const code = await bind(host, port);
  const at = `${host}:${port}`;
  if (code === undefined)
    return fine(id, text(`${deviceId}:端口 ${at} 可用`, `${deviceId}: port ${at} is free to listen on`));
  if (code === "EADDRINUSE" && relayLives)
    return fine(
      id,
      text(
        `${deviceId}:代理的中继进程在 ${at} 继续打印,并保留数据等守护进程回来`,
        `${deviceId}: the agent's relay has ${at}, prints on, and keeps what it sees until the daemon is back`,
      ),
    );
  const what = text(`${deviceId}:不能监听 ${at}(${code})`, `${deviceId}: cannot listen on ${at} (${code})`);
  if (code === "EADDRINUSE")
    return wrong(
      id,
      "fail",
      what,
      text(`找出占用者:ss -ltnp | grep :${port}`, `Find who has it: ss -ltnp | grep :${port}`),
    );
  return wrong(id, "fail", what, code === "EADDRNOTAVAIL" ? remedies.notOurs : remedies.lowPort);
}

function bind(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

async function probePrinter(deviceId: string, at: CliEndpoint, signal: AbortSignal): Promise<Finding> {
  const id = `device.${deviceId}.forward`;
  const result = await reach({ ...at, tls: false }, signal);
  const shown = `${at.host}:${at.port}`;
  return result.reached
    ? fine(id, text(`${deviceId}:打印机 ${shown} 可连接`, `${deviceId}: the printer at ${shown} answers`))
    : wrong(
        id,
        "fail",
        text(
          `${deviceId}:连不上打印机 ${shown}(${result.reason})`,
          `${deviceId}: the printer at ${shown} cannot be reached (${result.reason})`,
        ),
        remedies.printer,
      );
}

async function probeSerial(deviceId: string, path: string): Promise<Finding> {
  const id = `device.${deviceId}`;
  try {
    if (!(await stat(path)).isCharacterDevice())
      return wrong(
        id,
        "fail",
        text(`${deviceId}:${path} 不是串口`, `${deviceId}: ${path} is not a serial port`),
        await ports(),
      );
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "?";
    return wrong(
      id,
      "fail",
      text(`${deviceId}:找不到 ${path}(${reason})`, `${deviceId}: ${path} is not there (${reason})`),
      await ports(),
    );
  }
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch {
    return wrong(
      id,
      "fail",
      text(`${deviceId}:没有 ${path} 的权限`, `${deviceId}: no permission for ${path}`),
      remedies.dialout,
    );
  }
  return fine(id, text(`${deviceId}:${path} 存在且可读写`, `${deviceId}: ${path} is there and may be used`));
}

async function probeFolder(deviceId: string, path: string): Promise<Finding> {
  const id = `device.${deviceId}`;
  try {
    const { length } = await readdir(path);
    return fine(
      id,
      text(`${deviceId}:${path} 可读,文件数 ${length}`, `${deviceId}: ${path} can be read; files in it: ${length}`),
    );
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "?";
    const what = text(`${deviceId}:不能读取 ${path}(${reason})`, `${deviceId}: ${path} cannot be read (${reason})`);
    return wrong(id, "fail", what, hintFor(reason === "EACCES" ? "FOLDER_DENIED" : "FOLDER_MISSING"));
  }
}

/** Names the ports this machine has, so that the right one can be copied into the configuration. */
async function ports(): Promise<Text> {
  const folder = "/dev/serial/by-id";
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0)
    return text("检查 USB 线;本机没有发现 USB 串口。", "Check the USB cable: this machine shows no USB serial port.");
  const list = names.map((name) => `${folder}/${name}`).join(", ");
  return text(
    `检查 USB 线和配置中的 path;本机的串口:${list}`,
    `Check the cable and path in the configuration; ports here: ${list}`,
  );
}

async function probePcscd(deviceId: string, reader: string, signal: AbortSignal): Promise<Finding> {
  const id = `device.${deviceId}`;
  const result = await reach({ path: pcscdSocket }, signal);
  return result.reached
    ? fine(
        id,
        text(
          `${deviceId}:pcscd 在运行(读卡器 ${reader} 由守护进程检查)`,
          `${deviceId}: pcscd answers (the reader ${reader} itself is checked by the daemon)`,
        ),
      )
    : wrong(
        id,
        "fail",
        text(`${deviceId}:pcscd 没有应答(${result.reason})`, `${deviceId}: pcscd does not answer (${result.reason})`),
        remedies.pcscd,
      );
}

const remedies = {
  notOurs: text(
    "listen 的地址不是本机地址:改为本机 IP 或 0.0.0.0。",
    "The address in listen is not this machine's: use one of its own or 0.0.0.0.",
  ),
  lowPort: text("换一个 1023 以上的端口,或检查权限。", "Use a port above 1023, or check the permissions."),
  printer: text(
    "检查打印机电源、网线和 forwardTo 的地址。",
    "Check the printer's power and network cable, and the address in forwardTo.",
  ),
  dialout: text(
    "把运行服务的用户加入 dialout 组:sudo usermod -aG dialout 用户名,然后重新登录或重启服务。",
    "Add the user of the service to the group dialout: sudo usermod -aG dialout USER, then log in again or restart the service.",
  ),
  pcscd: text(
    "安装并启动 pcscd:sudo apt-get install pcscd && sudo systemctl enable --now pcscd.socket",
    "Install and start pcscd: sudo apt-get install pcscd && sudo systemctl enable --now pcscd.socket",
  ),
} as const;
