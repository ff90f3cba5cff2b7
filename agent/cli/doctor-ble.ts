import { realpathSync } from "node:fs";
import { execPath } from "node:process";
import { fine, wrong, type Advice, type Finding } from "./doctor-finding.ts";
import { isRunning, mayUseRadios, radioBlock, unitOnRadios, type Machine, type RadioBlock } from "./doctor-machine.ts";
import { adviseStableName, probeSerial } from "./doctor-serial.ts";
import type { FoundBluetooth } from "./found-device.ts";
import type { CliRadio } from "./operations.ts";
import { text } from "./text.ts";

/** Looks at the configured radios, and at what adapters of the kernel stand on: capabilities, and nobody else at them. */
export async function checkRadios(radios: readonly CliRadio[], machine: Machine): Promise<readonly Finding[]> {
  const findings = await Promise.all(radios.map((radio) => probeRadio(radio, machine)));
  if (radios.every(({ path }) => path !== undefined)) return findings.flat();
  return [...findings.flat(), ...(await capabilities(machine)), ...(await otherUser(machine))];
}

async function probeRadio(radio: CliRadio, machine: Machine): Promise<readonly Finding[]> {
  const { id, path } = radio;
  if (path !== undefined) return [await probeSerial(id, path, machine), ...(await adviseStableName(id, path, machine))];
  const adapters = machine.found.filter((device) => device.kind === "bluetooth");
  const found = adapters.find((adapter) => isOf(radio, adapter));
  const untold = adapters.filter(({ address }) => address === undefined);
  if (found === undefined && radio.address !== undefined && untold.length > 0)
    return [unsure(id, radio.address, untold)];
  if (found === undefined) return [await missing(id, radio.address ?? `hci${radio.adapter}`, machine)];
  const { name } = found;
  const there = fine(
    `device.${id}`,
    text(`${id}:蓝牙适配器 ${name} 已连接`, `${id}: the Bluetooth adapter ${name} is there`),
  );
  const block = await radioBlock(machine.root, name);
  if (block === undefined) return [there];
  return [
    there,
    wrong(
      `device.${id}.power`,
      "fail",
      text(`${id}:${name} 已被 rfkill 关闭`, `${id}: ${name} is switched off by rfkill`),
      ...unblock[block],
    ),
  ];
}

function isOf({ adapter, address }: CliRadio, found: FoundBluetooth): boolean {
  return address === undefined ? found.adapter === adapter : found.address?.toLowerCase() === address.toLowerCase();
}

/** The kernel mostly does not tell an address before the adapter is opened, and doctor opens none. */
function unsure(id: string, address: string, adapters: readonly FoundBluetooth[]): Finding {
  const names = adapters.map(({ name }) => name).join(", ");
  const what = text(
    `${id}:有蓝牙适配器 ${names};其中是否有 ${address},服务运行后才知道`,
    `${id}: there are adapters (${names}); whether one is ${address} shows when the service opens them`,
  );
  return fine(`device.${id}`, what);
}

async function missing(deviceId: string, name: string, { root, found }: Machine): Promise<Finding> {
  const id = `device.${deviceId}`;
  const what = text(`${deviceId}:没有蓝牙适配器 ${name}`, `${deviceId}: there is no Bluetooth adapter ${name}`);
  const block = await radioBlock(root);
  if (block !== undefined) return wrong(id, "fail", what, ...unblock[block]);
  const here = found.flatMap((device) => (device.kind === "bluetooth" ? [`adapter: ${device.adapter}`] : []));
  if (here.length > 0)
    return wrong(
      id,
      "fail",
      what,
      text("在配置中写本机已有的:", "Write one that is here into the configuration:"),
      here,
    );
  return wrong(
    id,
    "fail",
    what,
    text(
      "插入适配器;若 lsusb 能看到它,则缺少固件(bluez-firmware、firmware-realtek 等)。",
      "Plug one in. If `lsusb` lists it, it lacks its firmware (bluez-firmware, firmware-realtek ...).",
    ),
  );
}

const unblock: Readonly<Record<RadioBlock, Advice>> = {
  soft: [text("打开它:", "Switch it on:"), ["sudo rfkill unblock bluetooth"]],
  hard: [
    text(
      "用机器上的开关、按键或 BIOS 设置打开无线。",
      "Switch radios on by the machine's switch, key or BIOS setting.",
    ),
  ],
};

async function capabilities({ root, process }: Machine): Promise<readonly Finding[]> {
  const id = "bluetooth.permission";
  const may = await mayUseRadios(root, process);
  if (may === undefined) return [];
  if (may) return [fine(id, text("蓝牙权限正常", "Bluetooth may be used"))];
  const unit = await unitOnRadios(root);
  if (process === "self" && unit === "grants")
    return [fine(id, text("服务的 unit 文件给了蓝牙权限", "the service's unit lets it use Bluetooth"))];
  const what = text(
    "没有 CAP_NET_RAW 和 CAP_NET_ADMIN,不能使用蓝牙",
    "no CAP_NET_RAW and CAP_NET_ADMIN: Bluetooth may not be used",
  );
  return [wrong(id, "fail", what, ...(unit === "absent" ? byHand() : byUnit))];
}

const byUnit: Advice = [
  text("给服务这两项权限:", "Give both to the service:"),
  [
    "sudo mkdir -p /etc/systemd/system/storeloop.service.d",
    "printf '[Service]\\nAmbientCapabilities=CAP_NET_RAW CAP_NET_ADMIN\\n' |",
    "  sudo tee /etc/systemd/system/storeloop.service.d/bluetooth.conf",
    "sudo systemctl daemon-reload && sudo systemctl restart storeloop",
  ],
];

/** Capabilities of the program's file mean nothing under a unit with NoNewPrivileges (execve(2)). */
const byHand = (): Advice => [
  text(
    "没有 systemd 服务:把权限给 Node.js 程序文件(作为服务安装见 docs/install.md)。",
    "There is no service: give both to the Node.js program (docs/install.md has the service).",
  ),
  ["sudo setcap cap_net_raw,cap_net_admin+eip \\", `  ${realpathSync(execPath)}`],
];

async function otherUser({ root }: Machine): Promise<readonly Finding[]> {
  if (!(await isRunning(root, "bluetoothd"))) return [];
  return [
    wrong(
      "bluetooth.bluetoothd",
      "warn",
      text("bluetoothd 也在使用蓝牙适配器,可能中断扫描", "bluetoothd uses the adapters too, and may end scans"),
      text(
        "若本机没有别的程序需要蓝牙,停用它;开机打开适配器见 docs/wire-up.md。",
        "If nothing else here needs Bluetooth, stop it; docs/wire-up.md says how the adapter is then turned on at boot.",
      ),
      ["sudo systemctl disable --now bluetooth", "sudo hciconfig hci0 up"],
    ),
  ];
}
