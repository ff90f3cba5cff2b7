import { readdir } from "node:fs/promises";
import { createServer } from "node:net";
import { catalogue } from "../core/error-catalogue.ts";
import { errnoWords } from "../core/errno-words.ts";
import { fine, wrong, type Finding } from "./doctor-finding.ts";
import type { CliEndpoint } from "./operations.ts";
import { reach } from "./reach.ts";
import { text } from "./text.ts";

/**
 * Whether a port is free for a POS to print to. `relayLives`: it is as it should be when a relay has it, which goes on printing while
 * the daemon is away.
 */
export async function probePort(deviceId: string, { host, port }: CliEndpoint, relayLives = false): Promise<Finding> {
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
  const what = text(
    `${deviceId}:不能监听 ${at}(${errnoWords(code)["zh-CN"]})`,
    `${deviceId}: cannot listen on ${at} (${errnoWords(code).en})`,
  );
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

/** Whether the real printer takes connections. */
export async function probePrinter(deviceId: string, at: CliEndpoint, signal: AbortSignal): Promise<Finding> {
  const id = `device.${deviceId}.forward`;
  const result = await reach({ ...at, tls: false }, signal);
  const shown = `${at.host}:${at.port}`;
  return result.reached
    ? fine(id, text(`${deviceId}:打印机 ${shown} 可连接`, `${deviceId}: the printer at ${shown} answers`))
    : wrong(
        id,
        "fail",
        text(
          `${deviceId}:连不上打印机 ${shown}(${errnoWords(result.reason)["zh-CN"]})`,
          `${deviceId}: the printer at ${shown} cannot be reached (${errnoWords(result.reason).en})`,
        ),
        remedies.printer,
      );
}

/** Whether a folder can be read. */
export async function probeFolder(deviceId: string, path: string): Promise<Finding> {
  const id = `device.${deviceId}`;
  try {
    const { length } = await readdir(path);
    return fine(
      id,
      text(`${deviceId}:${path} 可读,文件数 ${length}`, `${deviceId}: ${path} can be read; files in it: ${length}`),
    );
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "?";
    const what = text(
      `${deviceId}:不能读取 ${path}(${errnoWords(reason)["zh-CN"]})`,
      `${deviceId}: ${path} cannot be read (${errnoWords(reason).en})`,
    );
    return wrong(id, "fail", what, catalogue[reason === "EACCES" ? "FOLDER_DENIED" : "FOLDER_MISSING"]);
  }
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
} as const;
