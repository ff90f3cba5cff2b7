import { constants } from "node:fs";
import { stat } from "node:fs/promises";
import { errnoWords } from "../core/errno-words.ts";
import { fine, wrong, type Advice, type Finding } from "./doctor-finding.ts";
import type { Machine } from "./doctor-machine.ts";
import type { FoundSerial } from "./found-device.ts";
import { deviceBehind, isThere, onMachine } from "./machine-files.ts";
import { text } from "./text.ts";

/** Whether a serial port is there and may be used. `name`: how it is called in findings, the device's id or the id with a suffix. */
export async function probeSerial(name: string, path: string, machine: Machine): Promise<Finding> {
  const id = `device.${name}`;
  const at = onMachine(machine.root, path);
  try {
    if (!(await stat(at)).isCharacterDevice())
      return wrong(
        id,
        "fail",
        text(`${name}:${path} 不是串口`, `${name}: ${path} is not a serial port`),
        ...otherPorts(machine),
      );
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "?";
    const why = code === "ENOENT" ? undefined : errnoWords(code);
    return wrong(
      id,
      "fail",
      text(
        `${name}:找不到 ${path}${why === undefined ? "" : `(${why["zh-CN"]})`}`,
        `${name}: ${path} is not there${why === undefined ? "" : ` (${why.en})`}`,
      ),
      ...otherPorts(machine),
    );
  }
  if (!(await isThere(at, constants.R_OK | constants.W_OK)))
    return wrong(
      id,
      "fail",
      text(`${name}:没有 ${path} 的权限`, `${name}: no permission for ${path}`),
      text(
        "把运行服务的用户加入 dialout 组,再重启服务:",
        "Add the user of the service to the group dialout, then restart it:",
      ),
      ["sudo usermod -aG dialout storeloop", "sudo systemctl restart storeloop"],
    );
  return fine(id, text(`${name}:${path} 存在且可读写`, `${name}: ${path} is there and may be used`));
}

/** Names the ports this machine has, so that the right one can be copied into the configuration. */
function otherPorts(machine: Machine): Advice {
  const paths = serialsOf(machine).map(({ path }) => `path: ${path}`);
  if (paths.length === 0)
    return [text("检查 USB 线;本机没有发现 USB 串口。", "Check the USB cable: this machine shows no USB serial port.")];
  return [
    text("检查 USB 线和配置中的 path;本机的串口:", "Check the cable and path in the configuration; ports here:"),
    paths,
  ];
}

const serialsOf = ({ found }: Machine): readonly FoundSerial[] => found.filter((device) => device.kind === "serial");

/** Warns of a name that another port can have after a restart, and says which name stays. Nothing where the name is stable, or all there is. */
export async function adviseStableName(name: string, path: string, machine: Machine): Promise<readonly Finding[]> {
  if (!/^\/dev\/tty(USB|ACM)\d+$/.test(path)) return [];
  const device = await deviceBehind(machine.root, path);
  const stable = serialsOf(machine).find((port) => port.device === device && port.path !== path);
  if (stable === undefined) return [];
  return [
    wrong(
      `device.${name}.name`,
      "warn",
      text(
        `${name}:${path} 重启或重新插拔后可能变成另一个端口`,
        `${name}: ${path} may be another port after a restart`,
      ),
      text("在配置中写不变的名称:", "Write the name that stays into the configuration:"),
      [`path: ${stable.path}`],
    ),
  ];
}
