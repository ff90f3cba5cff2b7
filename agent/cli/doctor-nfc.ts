import { join } from "node:path";
import { catalogue } from "../core/error-catalogue.ts";
import { fine, wrong, type Finding } from "./doctor-finding.ts";
import { loadedModules, type Machine } from "./doctor-machine.ts";
import type { CardService, FoundCardReader } from "./found-device.ts";
import { isThere } from "./machine-files.ts";
import type { CliReader } from "./operations.ts";
import { text } from "./text.ts";

/**
 * Looks at what the configured readers stand on: pcscd, the kernel's drivers, what is plugged in. With no reader configured, only at
 * whether one is plugged in that pcscd is missing for.
 */
export async function checkReaders(readers: readonly CliReader[], machine: Machine): Promise<readonly Finding[]> {
  const plugged = machine.found.filter((device) => device.kind === "card-reader");
  if (readers.length === 0) return await unusedReader(plugged, machine);
  const service = await machine.cardService();
  const held = plugged.find(({ heldBy }) => heldBy !== undefined);
  return [
    await serviceFinding(service, machine),
    ...(await kernelFinding(held, machine)),
    ...readers.map((reader) => readerFinding(reader, service, plugged)),
  ];
}

async function unusedReader(plugged: readonly FoundCardReader[], { root }: Machine): Promise<readonly Finding[]> {
  const [first] = plugged;
  if (first === undefined || (await isInstalled(root))) return [];
  const what = text(
    `插着读卡器 ${first.name},但没有安装 pcscd`,
    `the card reader ${first.name} is plugged in, and pcscd is not installed`,
  );
  return [wrong("pcscd", "warn", what, text("要使用它,请安装:", "To use it, install:"), install)];
}

const isInstalled = (root: string): Promise<boolean> => isThere(join(root, "usr/sbin/pcscd"));

const enable = "sudo systemctl enable --now pcscd.socket";
const install = ["sudo apt-get install -y pcscd", enable];

async function serviceFinding({ state, readers }: CardService, { root }: Machine): Promise<Finding> {
  const id = "pcscd";
  switch (state) {
    case "answers": {
      const count = readers === undefined ? "?" : String(readers.length);
      return fine(id, text(`pcscd 正常,读卡器数:${count}`, `pcscd answers; readers it has: ${count}`));
    }
    case "silent":
      return wrong(id, "fail", text("pcscd 没有响应", "pcscd hangs"), catalogue.NFC_PCSCD_HUNG, [
        "sudo systemctl restart pcscd",
      ]);
    case "denied":
      return wrong(id, "fail", text("pcscd 拒绝了当前用户", "pcscd turns this user away"), remedies.polkit, polkitRule);
    case "absent": {
      if (await isInstalled(root))
        return wrong(id, "fail", text("pcscd 没有运行", "pcscd is not running"), text("启动它:", "Start it:"), [
          enable,
        ]);
      return wrong(
        id,
        "fail",
        text("没有安装 pcscd", "pcscd is not installed"),
        text("安装并启动:", "Install and start it:"),
        install,
      );
    }
  }
}

/** Modules of the kernel's own NFC stack that take readers (drivers/nfc/pn533/usb.c: ACR122U, SCL3711, PaSoRi and others). */
const grabbing = ["pn533_usb", "pn533", "nfc"];

async function kernelFinding(held: FoundCardReader | undefined, { root }: Machine): Promise<readonly Finding[]> {
  const loaded = await loadedModules(root);
  const culprit = held?.heldBy ?? grabbing.slice(0, 2).find((name) => loaded.has(name));
  if (culprit === undefined) return [];
  const commands = [
    `printf 'blacklist %s\\n' ${[...new Set([culprit, ...grabbing])].join(" ")} |`,
    "  sudo tee /etc/modprobe.d/storeloop-nfc.conf",
    `sudo modprobe -r ${culprit}`,
    "sudo systemctl restart pcscd",
  ];
  const what =
    held === undefined
      ? text(
          `内核模块 ${culprit} 会抢占 ACR122 等读卡器`,
          `the kernel module ${culprit} takes readers such as the ACR122`,
        )
      : text(
          `内核模块 ${culprit} 占用了读卡器 ${held.name}`,
          `the kernel module ${culprit} has the reader ${held.name}`,
        );
  return [wrong("nfc.kernel", held === undefined ? "warn" : "fail", what, remedies.blacklist, commands)];
}

/** Device and slot number at the end of a name, which pcscd gives in the order of plugging in. A serial number holds without them. */
const numbering = / [0-9A-F]{2} [0-9A-F]{2}$/i;

function readerFinding(
  { id: deviceId, reader, serial }: CliReader,
  { readers }: CardService,
  plugged: readonly FoundCardReader[],
): Finding {
  const id = `device.${deviceId}`;
  const shown = serial === undefined ? reader : `${reader} (${serial})`;
  const there = plugged.map(({ name }) => name);
  const wrongReader = (chinese: string, english: string, remedy: keyof typeof remedies, commands?: readonly string[]) =>
    wrong(id, "fail", text(`${deviceId}:${chinese}`, `${deviceId}: ${english}`), remedies[remedy], commands);
  if (readers === undefined && there.length > 0)
    return fine(
      id,
      text(`${deviceId}:USB 上有 ${there.join("、")}`, `${deviceId}: on USB there is ${there.join(", ")}`),
    );
  if (readers === undefined || (readers.length === 0 && there.length === 0))
    return wrongReader("没有插读卡器", "no card reader is plugged in", "plugIn");
  const beginning = serial === undefined ? reader : reader.replace(numbering, "");
  const fitting = readers.filter((name) => name.startsWith(beginning));
  const hasSerial = (serials: readonly (string | undefined)[]): boolean =>
    serial === undefined || serials.includes(serial) || fitting.some((name) => name.includes(serial));
  if (fitting.length > 0 && hasSerial(plugged.map((one) => one.serial)))
    return fine(id, text(`${deviceId}:读卡器 ${shown} 已连接`, `${deviceId}: the reader ${shown} is there`));
  const held = plugged.find(({ heldBy }) => heldBy !== undefined);
  if (readers.length === 0 && held !== undefined)
    return wrongReader(`${held.name} 被内核占用`, `the kernel has ${held.name}`, "seeAbove");
  if (readers.length === 0)
    return wrongReader(
      `${there.join("、")} 已插好,但 pcscd 用不了`,
      `${there.join(", ")} is plugged in, but pcscd does not have it`,
      "driver",
      ["sudo apt-get install -y libccid", "sudo systemctl restart pcscd"],
    );
  const serials = plugged.flatMap((one) => (one.serial === undefined ? [] : [`serial: ${JSON.stringify(one.serial)}`]));
  const here = fitting.length > 0 ? serials : readers.map((name) => `reader: ${JSON.stringify(name)}`);
  const remedy = here.length > 0 ? "name" : "plugIn";
  return wrongReader(`没有读卡器 ${shown}`, `there is no reader ${shown}`, remedy, here);
}

const polkitRule = [
  "sudo tee /etc/polkit-1/rules.d/50-storeloop.rules <<'RULE'",
  "polkit.addRule(function (action, subject) {",
  '  if (action.id.indexOf("org.debian.pcsc-lite.") == 0 &&',
  '      subject.user == "storeloop") return polkit.Result.YES;',
  "});",
  "RULE",
  "sudo systemctl restart polkit pcscd",
];

const remedies = {
  polkit: text(
    "以服务的用户运行 doctor(sudo -u storeloop storeloop doctor);若仍被拒绝,安装 polkit 规则:",
    "Run doctor as the user of the service (sudo -u storeloop storeloop doctor). If it is turned away too, install this polkit rule:",
  ),
  blacklist: text("禁用该模块,然后重新插拔读卡器:", "Keep it off, then unplug the reader and plug it in again:"),
  plugIn: text(
    "检查 USB 线,换一个 USB 口;lsusb 应列出读卡器。",
    "Check its cable, try another socket; `lsusb` should list it.",
  ),
  driver: text("安装驱动:", "Install its driver:"),
  seeAbove: text("禁用上面的内核模块。", "Keep the kernel module off, as above."),
  name: text(
    "检查 USB 线,或在配置中写本机已有的:",
    "Check its cable, or write one that is here into the configuration:",
  ),
};
