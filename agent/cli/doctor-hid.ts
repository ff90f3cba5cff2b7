import { constants } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fine, wrong, type Finding } from "./doctor-finding.ts";
import type { Machine } from "./doctor-machine.ts";
import type { FoundHid, HidPurpose } from "./found-device.ts";
import { deviceBehind, isThere } from "./machine-files.ts";
import type { CliHid } from "./operations.ts";
import { text, type Text } from "./text.ts";
import { usbDevices } from "./usb-devices.ts";

/** Whether a scanner or stripe reader is plugged in, as a HID device, and may be opened; and whether its name will stay. */
export async function probeHid(device: CliHid, machine: Machine): Promise<readonly Finding[]> {
  const file = device.path === undefined ? undefined : await deviceBehind(machine.root, device.path);
  const hids = machine.found.filter((found) => found.kind === "hid");
  const fitting = hids.filter((hid) => fits(device, file, hid));
  const [first] = fitting;
  if (first === undefined) return [await missing(device, hids, machine)];
  const purposes = [...new Set(fitting.flatMap(({ announces }) => announces))];
  const kinds = purposes.length === 0 ? [untold] : purposes.map((purpose) => purposeWords[purpose]);
  const what = text(
    `${device.id}:已连接 ${first.name}(${kinds.map((kind) => kind["zh-CN"]).join("、")})`,
    `${device.id}: ${first.name} is there (${kinds.map((kind) => kind.en).join(", ")})`,
  );
  return [
    fine(`device.${device.id}`, what),
    ...(await permissions(device, fitting, machine)),
    ...unstableName(device, first),
  ];
}

/** What is configured and given must be the same; a path is the device's `file` or its socket. */
function fits(device: CliHid, file: string | undefined, hid: FoundHid): boolean {
  const same = (wanted: string | undefined, given: string | undefined): boolean =>
    wanted === undefined || wanted === given;
  return (
    same(device.vendorId?.toLowerCase(), hid.vendorId) &&
    same(device.productId?.toLowerCase(), hid.productId) &&
    same(device.serial, hid.serial) &&
    (same(file, hid.path) || device.path === hid.port)
  );
}

const purposeWords: Readonly<Record<HidPurpose, Text>> = {
  "barcode-scanner": text("扫码枪", "barcode scanner"),
  "magnetic-stripe": text("磁条读卡器", "stripe reader"),
  keyboard: text("键盘", "keyboard"),
  "vendor-defined": text("厂商自定义", "of its maker's own kind"),
};

const untold = text("未说明类型", "does not say what it is");

async function missing(device: CliHid, hids: readonly FoundHid[], { root }: Machine): Promise<Finding> {
  const id = `device.${device.id}`;
  const { vendorId = "????", productId = "????", serial, path } = device;
  const wanted = [`${vendorId}:${productId}`, serial, path].filter((part) => part !== undefined).join(" ");
  const other = (await usbDevices(root)).find((one) => one.vendorId === device.vendorId?.toLowerCase());
  const isHid = hids.some((hid) => hid.vendorId === other?.vendorId && hid.productId === other.productId);
  if (other !== undefined && !isHid)
    return wrong(
      id,
      "fail",
      text(
        `${device.id}:${other.name}(${other.vendorId}:${other.productId})已插好,但不是 HID 设备`,
        `${device.id}: ${other.name} (${other.vendorId}:${other.productId}) is there, but not as a HID device`,
      ),
      remedies.mode,
    );
  const here = hids.map(
    ({ vendorId, productId, name }) => `vendorId: "${vendorId}", productId: "${productId}" # ${name}`,
  );
  return wrong(
    id,
    "fail",
    text(`${device.id}:没有插 ${wanted}`, `${device.id}: ${wanted} is not plugged in`),
    here.length === 0 ? remedies.cable : remedies.name,
    [...new Set(here)],
  );
}

const ruleName = "60-storeloop.rules";
const rulesFolder = "/etc/udev/rules.d";

/** The rule as it comes with the program. */
const ownRule = fileURLToPath(new URL(`../../config/udev/${ruleName}`, import.meta.url));

async function permissions(
  { id: deviceId }: CliHid,
  hids: readonly FoundHid[],
  { root }: Machine,
): Promise<readonly Finding[]> {
  const id = `device.${deviceId}.permission`;
  for (const { path } of hids) {
    const node = join(root, path);
    if (!(await isThere(node)))
      return [wrong(id, "fail", text(`${deviceId}:没有 ${path}`, `${deviceId}: there is no ${path}`), remedies.node)];
    if (await isThere(node, constants.R_OK | constants.W_OK)) continue;
    const isInstalled = await isThere(join(root, rulesFolder, ruleName));
    const copy = isInstalled ? [] : [`sudo cp ${ownRule} ${rulesFolder}/`];
    const load = ["sudo udevadm control --reload && sudo udevadm trigger", "sudo systemctl restart storeloop"];
    return [
      wrong(
        id,
        "fail",
        text(`${deviceId}:没有 ${path} 的权限`, `${deviceId}: no permission for ${path}`),
        isInstalled ? remedies.reload : remedies.rule,
        [...copy, ...load],
      ),
    ];
  }
  return [];
}

function unstableName({ id, path, vendorId, serial }: CliHid, hid: FoundHid): readonly Finding[] {
  if (path === undefined || !/^\/dev\/hidraw\d+$/.test(path) || vendorId !== undefined || serial !== undefined)
    return [];
  return [
    wrong(
      `device.${id}.name`,
      "warn",
      text(`${id}:${path} 重启或重新插拔后可能变成另一个设备`, `${id}: ${path} may be another device after a restart`),
      text("在配置中用编号代替 path:", "Write identifiers into the configuration instead of path:"),
      hid.yaml.filter((line) => /^ +(vendorId|productId|serial):/.test(line)).map((line) => line.trim()),
    ),
  ];
}

const remedies = {
  mode: text(
    "用说明书中的设置条码把它设为 USB HID 模式(HID POS;键盘模式也可),然后重新插拔。",
    "Set it to USB HID (HID POS, or keyboard) with the setting code in its manual, then plug it in again.",
  ),
  cable: text("检查 USB 线;lsusb 应列出该设备。", "Check its cable; `lsusb` should list it."),
  name: text(
    "检查 USB 线,或在配置中写本机已有的:",
    "Check its cable, or write one that is here into the configuration:",
  ),
  node: text(
    "在容器中运行时,把设备传入容器(--device);否则重新插拔。",
    "In a container, pass the device in (--device); else unplug it and plug it in again.",
  ),
  rule: text("安装 udev 规则:", "Install the udev rule:"),
  reload: text(
    "udev 规则已安装:重新加载它,并确认服务以 storeloop 用户运行。",
    "The udev rule is installed: load it, and see that the service runs as user storeloop.",
  ),
};
