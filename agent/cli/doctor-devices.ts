import type { DeviceState } from "../core/driver.ts";
import { catalogue } from "../core/error-catalogue.ts";
import { isErrorCode } from "../core/errors.ts";
import { checkRadios } from "./doctor-ble.ts";
import { fine, wrong, type Finding } from "./doctor-finding.ts";
import { probeHid } from "./doctor-hid.ts";
import { isRootBesideUser, type Machine } from "./doctor-machine.ts";
import { checkReaders } from "./doctor-nfc.ts";
import { probeFolder, probePort, probePrinter } from "./doctor-ports.ts";
import { adviseStableName, probeSerial } from "./doctor-serial.ts";
import { generalRemedy, healthWords } from "./health-words.ts";
import { hasLiveRelay } from "./live-relay.ts";
import type { CliConfig, CliDevice, CliRadio } from "./operations.ts";
import { text, type Text } from "./text.ts";

type AnyDevice = CliDevice | CliRadio;

/**
 * What the daemon says of the devices it holds. For those that are down, what the machine shows besides: a cause has the id of its
 * device with `.cause`, as the state itself is the daemon's to tell.
 */
export async function devicesOfDaemon(
  config: CliConfig,
  states: readonly DeviceState[],
  machine: Machine,
): Promise<readonly Finding[]> {
  const isDown = ({ health: { state } }: DeviceState): boolean => state === "down" || state === "failed";
  const ids: readonly string[] = states.filter(isDown).map(({ deviceId }) => deviceId);
  const devices = allDevices(config);
  const down = devices.filter(({ id }) => ids.includes(id));
  const seen = [...(await touchDevices(down, machine)), ...(await stableNames(devices, machine))];
  const isState = (id: string): boolean => ids.some((one) => id === `device.${one}`);
  const causes = seen
    .filter(({ state }) => state !== "ok")
    .map((finding) => (isState(finding.id) ? { ...finding, id: `${finding.id}.cause` } : finding));
  return [...states.map(stateFinding), ...causes];
}

function stateFinding({ deviceId, health }: DeviceState): Finding {
  const id = `device.${deviceId}`;
  const seen = health.detail ?? health.code;
  if (health.state === "up") return fine(id, text(`${deviceId} 正常`, `${deviceId} is up`));
  const what = text(
    `${deviceId} ${healthWords[health.state]["zh-CN"]}${seen === undefined ? "" : `:${seen}`}`,
    `${deviceId}: ${healthWords[health.state].en}${seen === undefined ? "" : `: ${seen}`}`,
  );
  return wrong(id, health.state === "starting" ? "warn" : "fail", what, hintFor(health.code));
}

function hintFor(code: string | undefined): Text {
  return isErrorCode(code) ? catalogue[code] : generalRemedy;
}

const allDevices = (config: CliConfig): readonly AnyDevice[] => [
  ...config.lanes.flatMap((lane) => lane.devices),
  ...config.zones.flatMap((zone) => zone.devices),
];

/** Looks at each configured device without the daemon: nothing is printed, read or held open. */
export async function probeDevices(config: CliConfig, machine: Machine): Promise<readonly Finding[]> {
  const devices = allDevices(config);
  const relayLives = await hasLiveRelay(config.agent.dataDir);
  const lines = await Promise.all(devices.map((device) => probeLine(device, relayLives, machine)));
  return [
    ...lines.flat(),
    ...(await stableNames(devices, machine)),
    ...(await touchDevices(devices, machine)),
    ...(await whoseRights(devices, machine)),
  ];
}

async function probeLine(device: AnyDevice, relayLives: boolean, machine: Machine): Promise<readonly Finding[]> {
  switch (device.type) {
    case "printer-tcp": {
      const { id, listen, forwardTo } = device;
      if (forwardTo === undefined) return [await probePort(id, listen)];
      return [await probePort(id, listen, relayLives), await probePrinter(id, forwardTo, machine.signal)];
    }
    case "printer-serial":
      return await Promise.all(portsOf(device).map(([name, path]) => probeSerial(name, path, machine)));
    case "print-folder":
      return [await probeFolder(device.id, device.path)];
    case "hid":
    case "nfc":
    case "ble":
      return [];
  }
}

/** The serial ports of a device by the names they have in findings. */
function portsOf(device: AnyDevice): readonly (readonly [name: string, path: string])[] {
  if (device.type === "ble") return device.path === undefined ? [] : [[device.id, device.path]];
  if (device.type !== "printer-serial") return [];
  const { id, path, forwardTo } = device;
  return forwardTo === undefined
    ? [[id, path]]
    : [
        [id, path],
        [`${id}.forward`, forwardTo],
      ];
}

async function stableNames(devices: readonly AnyDevice[], machine: Machine): Promise<readonly Finding[]> {
  const advice = devices.flatMap(portsOf).map(([name, path]) => adviseStableName(name, path, machine));
  return (await Promise.all(advice)).flat();
}

/** Readers, scanners and radios. */
async function touchDevices(devices: readonly AnyDevice[], machine: Machine): Promise<readonly Finding[]> {
  const hids = devices.filter((device) => device.type === "hid");
  const radios = devices.filter((device) => device.type === "ble");
  const readers = devices.filter((device) => device.type === "nfc");
  const scanners = await Promise.all(hids.map((device) => probeHid(device, machine)));
  return [...(await checkReaders(readers, machine)), ...scanners.flat(), ...(await checkRadios(radios, machine))];
}

/** Root may do everything: what the service's user may is then not known. */
async function whoseRights(devices: readonly AnyDevice[], { root }: Machine): Promise<readonly Finding[]> {
  const concerned = devices.some(({ type }) => type !== "printer-tcp");
  if (!concerned || !(await isRootBesideUser(root))) return [];
  return [
    wrong(
      "user",
      "warn",
      text("以 root 运行:没有检查服务用户的权限", "this is root: what the service's user may do was not checked"),
      text("以服务的用户再运行一次:", "Run it again as the user of the service:"),
      ["sudo -u storeloop storeloop doctor"],
    ),
  ];
}
