import { formatPath, type ConfigFault, type ConfigFaultCode, type Path } from "./fault.ts";
import { parseEndpoint, type Endpoint, type RuleText } from "./rules.ts";
import type { SourceMap } from "./source-map.ts";

/** A value of the file with the path it stands at. */
interface Found {
  readonly path: Path;
  readonly value: string;
}

/**
 * What one field alone cannot tell: identifiers given twice, two devices on one port, line or reader, a printer forwarding to
 * itself. Works on the value as it was read, so that these faults show even beside others.
 */
export function crossChecks(value: unknown, map: SourceMap): readonly ConfigFault[] {
  const lanes = listAt(value, ["lanes"]);
  const devices = lanes.flatMap((lane) => listAt(lane.value, ["devices"], lane.path));
  const zones = listAt(value, ["zones"]);
  const radios = zones.flatMap((zone) => listAt(zone.value, ["devices"], zone.path));
  const texts = (items: readonly Item[], key: string): Found[] =>
    items.flatMap(({ path, value: item }) => {
      const text = property(item, key);
      return typeof text === "string" ? [{ path: [...path, key], value: text }] : [];
    });
  return [
    ...twice(texts(lanes, "id"), "DUPLICATE_ID", map, duplicateId),
    ...twice(texts([...devices, ...radios], "id"), "DUPLICATE_ID", map, duplicateId),
    ...twice(texts(zones, "id"), "DUPLICATE_ID", map, duplicateId),
    ...twice(texts(listAt(value, ["beacons"]), "id"), "DUPLICATE_ID", map, duplicateId),
    ...twice(readersOf(ofType(devices, "nfc")), "ALREADY_IN_USE", map, inUse),
    ...twice(adaptersOf(radios), "ALREADY_IN_USE", map, inUse),
    ...weakerExit(value, map),
    ...twice(serialPorts(devices, texts), "ALREADY_IN_USE", map, inUse),
    ...twice(texts(ofType(devices, "print-folder"), "path"), "ALREADY_IN_USE", map, inUse),
    ...journalsPutAway(ofType(devices, "print-folder"), map),
    ...samePort(texts(ofType(devices, "printer-tcp"), "listen"), map),
    ...loops(ofType(devices, "printer-tcp"), map),
    ...passwordWithoutUsername(value, map),
  ];
}

/** Ports of POSes and of printers: none can be opened twice. */
function serialPorts(
  devices: readonly Item[],
  texts: (items: readonly Item[], key: string) => readonly Found[],
): readonly Found[] {
  const serial = ofType(devices, "printer-serial");
  return [...texts(serial, "path"), ...texts(serial, "forwardTo")];
}

/** Two readers of one name are told apart by their serial numbers. */
function readersOf(readers: readonly Item[]): readonly Found[] {
  return readers.flatMap(({ path, value }) => {
    const [name, serial] = [property(value, "reader"), property(value, "serial")];
    if (typeof name !== "string") return [];
    return [{ path: [...path, "reader"], value: typeof serial === "string" ? `${name} (${serial})` : name }];
  });
}

/** A radio is opened once: by its number, its address, or its serial port. */
function adaptersOf(radios: readonly Item[]): readonly Found[] {
  return radios.map(({ path, value }) => {
    const [port, address, adapter] = ["path", "address", "adapter"].map((key) => property(value, key));
    if (typeof port === "string") return { path: [...path, "path"], value: port };
    if (typeof address === "string") return { path: [...path, "address"], value: address.toLowerCase() };
    return { path: [...path, "adapter"], value: `hci${typeof adapter === "number" ? adapter : 0}` };
  });
}

/** With the thresholds the other way round a beacon would come and go at every sighting. */
function weakerExit(value: unknown, map: SourceMap): readonly ConfigFault[] {
  const shop: Item = { path: ["presence"], value: property(value, "presence") };
  const general = thresholdsOf(shop.value, { enter: -84, exit: -95 });
  return [shop, ...listAt(value, ["zones"])].flatMap(({ path, value: holder }) => {
    const { enter, exit } = thresholdsOf(holder, general);
    if (exit < enter) return [];
    const key = property(holder, "exitDbm") === undefined ? "enterDbm" : "exitDbm";
    return property(holder, key) === undefined ? [] : [map.fault("NOT_ALLOWED", [...path, key], "value", exitText)];
  });
}

function thresholdsOf(holder: unknown, otherwise: { readonly enter: number; readonly exit: number }) {
  const [enter, exit] = [property(holder, "enterDbm"), property(holder, "exitDbm")];
  return {
    enter: typeof enter === "number" ? enter : otherwise.enter,
    exit: typeof exit === "number" ? exit : otherwise.exit,
  };
}

/** A journal grows: whoever writes it puts it away. */
function journalsPutAway(folders: readonly Item[], map: SourceMap): readonly ConfigFault[] {
  return folders
    .filter(({ value }) => property(value, "content") === "journal")
    .filter(({ value }) => ["delete", "move"].includes(String(property(value, "afterwards"))))
    .map(({ path }) => map.fault("NOT_ALLOWED", [...path, "afterwards"], "value", journalText));
}

interface Item {
  readonly path: Path;
  readonly value: unknown;
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

function listAt(value: unknown, [key]: readonly [string], base: Path = []): readonly Item[] {
  const list = property(value, key);
  return Array.isArray(list) ? list.map((item: unknown, index) => ({ path: [...base, key, index], value: item })) : [];
}

const ofType = (devices: readonly Item[], type: string): readonly Item[] =>
  devices.filter(({ value }) => property(value, "type") === type);

function twice(
  found: readonly Found[],
  code: ConfigFaultCode,
  map: SourceMap,
  text: (first: Found) => RuleText,
): readonly ConfigFault[] {
  const seen = new Map<string, Found>();
  return found.flatMap((item) => {
    const first = seen.get(item.value);
    if (first !== undefined) return [map.fault(code, item.path, "value", text(first))];
    seen.set(item.value, item);
    return [];
  });
}

function samePort(found: readonly Found[], map: SourceMap): readonly ConfigFault[] {
  const seen: { found: Found; at: Endpoint }[] = [];
  return found.flatMap((item) => {
    const at = parseEndpoint(item.value);
    if (at === undefined) return [];
    const other = seen.find((earlier) => overlap(earlier.at, at));
    if (other !== undefined) return [map.fault("ALREADY_IN_USE", item.path, "value", inUse(other.found))];
    seen.push({ found: item, at });
    return [];
  });
}

const wildcards: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

const canonical = (host: string): string => (host.toLowerCase() === "localhost" ? "127.0.0.1" : host.toLowerCase());

/** Whether two listeners cannot both have their port: same port, and same address or one of them all addresses. */
function overlap(a: Endpoint, b: Endpoint): boolean {
  return (
    a.port === b.port && (canonical(a.host) === canonical(b.host) || wildcards.has(a.host) || wildcards.has(b.host))
  );
}

function loops(printers: readonly Item[], map: SourceMap): readonly ConfigFault[] {
  const listening = printers.flatMap(({ value }) => parsed(property(value, "listen")));
  return printers.flatMap(({ path, value }) =>
    parsed(property(value, "forwardTo")).some((target) => listening.some((at) => isSelf(target, at)))
      ? [map.fault("LOOP", [...path, "forwardTo"], "value", loopText)]
      : [],
  );
}

const parsed = (value: unknown): readonly Endpoint[] => {
  const at = typeof value === "string" ? parseEndpoint(value) : undefined;
  return at === undefined ? [] : [at];
};

/** Whether a connection to `target` from this machine reaches `at`, as far as the addresses themselves tell. */
function isSelf(target: Endpoint, at: Endpoint): boolean {
  const loopback = canonical(target.host) === "127.0.0.1" || target.host === "::1";
  return (
    target.port === at.port && (canonical(target.host) === canonical(at.host) || (loopback && wildcards.has(at.host)))
  );
}

function passwordWithoutUsername(value: unknown, map: SourceMap): readonly ConfigFault[] {
  const uplink = property(value, "uplink");
  if (property(uplink, "username") !== undefined) return [];
  return ["passwordFile", "passwordEnv"]
    .filter((key) => property(uplink, key) !== undefined)
    .map((key) => map.fault("PASSWORD_WITHOUT_USERNAME", ["uplink", key], "key", usernameText));
}

const duplicateId = (first: Found): RuleText => ({
  message: {
    "zh-CN": `标识 ${first.value} 已用于 ${formatPath(first.path)}`,
    en: `the id ${first.value} is already used at ${formatPath(first.path)}`,
  },
  hint: { "zh-CN": "换一个不同的标识。", en: "Give it an id of its own." },
});

const inUse = (first: Found): RuleText => ({
  message: {
    "zh-CN": `与 ${formatPath(first.path)}(${first.value})冲突`,
    en: `collides with ${formatPath(first.path)} (${first.value})`,
  },
  hint: {
    "zh-CN": "每台设备要有自己的端口、串口或读卡器。",
    en: "Each device needs a port, a line or a reader of its own.",
  },
});

const loopText: RuleText = {
  message: { "zh-CN": "转发目标就是本机自己的监听端口", en: "forwards to a port the agent itself listens on" },
  hint: { "zh-CN": "填写真实打印机的地址。", en: "Write the address of the real printer." },
};

const exitText: RuleText = {
  message: { "zh-CN": "离开阈值强于进入阈值", en: "leaving needs a stronger signal than entering" },
  hint: {
    "zh-CN": "exitDbm 应低于 enterDbm,例如 -95 与 -84。",
    en: "exitDbm has to be the lower one, for example -95 with -84.",
  },
};

const journalText: RuleText = {
  message: { "zh-CN": "电子日志文件不能移动或删除", en: "a journal is not moved or deleted" },
  hint: {
    "zh-CN": "删除这一行,或写 content: files。",
    en: "Delete the line, or write content: files.",
  },
};

/** MQTT 3.1.1 forbids a password without a user name ([MQTT-3.1.2-22]). */
const usernameText: RuleText = {
  message: { "zh-CN": "有密码却没有 username", en: "there is a password and no username" },
  hint: { "zh-CN": "在 uplink 下加上 username。", en: "Add username under uplink." },
};
