import { mkdtemp, open, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errnoWords } from "../core/errno-words.ts";
import type { Clock, Ms } from "../core/time.ts";
import { fine, wrong, type Finding } from "./doctor-finding.ts";
import { formatBytes } from "./format.ts";
import { text, type Text } from "./text.ts";

/** Checks the disk the data folder is on: kind of file system, free space, and that a write and its fsync succeed. */
export async function checkDisk(dataDir: string, clock: Clock): Promise<readonly Finding[]> {
  const folder = await nearestFolder(dataDir);
  try {
    const { type, bavail, bsize, ffree, files } = await statfs(folder);
    const free = bavail * bsize;
    return [
      fileSystem(type, folder),
      space(free, files > 0 && ffree < 1000, folder),
      await durableWrite(folder, folder === dataDir, clock),
    ];
  } catch (error) {
    return [
      wrong(
        "disk",
        "fail",
        text(`${folder}:${why(error)["zh-CN"]}`, `${folder}: ${why(error).en}`),
        remedies.unreadable,
      ),
    ];
  }
}

/** The data folder, or what exists of the way to it: the daemon makes the rest. */
async function nearestFolder(path: string): Promise<string> {
  try {
    if ((await stat(path)).isDirectory()) return path;
  } catch {
    // Not there yet, or not to be entered: the parent tells more.
  }
  const parent = dirname(path);
  return parent === path ? path : nearestFolder(parent);
}

const gigabyte = 1_000_000_000;

function space(free: number, fewInodes: boolean, folder: string): Finding {
  const shown = formatBytes(free);
  const what = text(`${folder} 剩余 ${shown}`, `${shown} free on ${folder}`);
  if (free < gigabyte / 10 || fewInodes) return wrong("disk.space", "fail", what, remedies.full);
  return free < gigabyte ? wrong("disk.space", "warn", what, remedies.full) : fine("disk.space", what);
}

/** Magic numbers of statfs(2), as far as they matter here. */
const network = new Map([
  [0x6969, "nfs"],
  [0x517b, "smb"],
  [0xff534d42, "cifs"],
  [0xfe534d42, "smb2"],
  [0x65735546, "fuse"],
]);
const passing = new Map([
  [0x01021994, "tmpfs"],
  [0x858458f6, "ramfs"],
  [0x794c7630, "overlay"],
]);
const local = new Map([
  [0xef53, "ext4"],
  [0x58465342, "xfs"],
  [0x9123683e, "btrfs"],
  [0x2fc12fc1, "zfs"],
  [0xf2f52010, "f2fs"],
]);

function fileSystem(type: number, folder: string): Finding {
  const id = "disk.filesystem";
  const remote = network.get(type);
  if (remote !== undefined)
    return wrong(
      id,
      "fail",
      text(`${folder} 在网络文件系统 ${remote} 上`, `${folder} is on the network file system ${remote}`),
      remedies.local,
    );
  const fleeting = passing.get(type);
  if (fleeting !== undefined)
    return wrong(
      id,
      "warn",
      text(`${folder} 在 ${fleeting} 上,可能不会长久保存`, `${folder} is on ${fleeting}, which may not last`),
      remedies.lasting,
    );
  const name = local.get(type) ?? `0x${type.toString(16)}`;
  return fine(id, text(`文件系统 ${name}`, `file system ${name}`));
}

const slowMs = 500;

async function durableWrite(folder: string, exists: boolean, clock: Clock): Promise<Finding> {
  const id = "disk.write";
  try {
    const took = await writeAndSync(folder, clock);
    const shown = took < 10 ? took.toFixed(1) : took.toFixed(0);
    const made = exists
      ? text("", "")
      : text(`(数据目录将建在 ${folder} 下)`, ` (the data folder will be made below ${folder})`);
    const what: Text = {
      "zh-CN": `写入并 fsync 用时 ${shown} 毫秒${made["zh-CN"]}`,
      en: `write and fsync took ${shown} ms${made.en}`,
    };
    return took > slowMs ? wrong(id, "warn", what, remedies.slow) : fine(id, what);
  } catch (error) {
    const what = text(`无法在 ${folder} 写入:${why(error)["zh-CN"]}`, `cannot write in ${folder}: ${why(error).en}`);
    return wrong(id, "fail", what, remedies.unreadable);
  }
}

async function writeAndSync(folder: string, clock: Clock): Promise<Ms> {
  const probe = await mkdtemp(join(folder, ".doctor-"));
  try {
    await using file = await open(join(probe, "probe"), "w", 0o600);
    const start = clock.monotonic();
    await file.write(new Uint8Array(4096));
    await file.sync();
    return clock.monotonic() - start;
  } finally {
    await rm(probe, { recursive: true, force: true });
  }
}

const why = (error: unknown): Text => {
  if (!(error instanceof Error)) return both(String(error));
  return "code" in error ? errnoWords(String(error.code)) : both(error.message);
};

const both = (sentence: string): Text => text(sentence, sentence);

const remedies = {
  full: text(
    "清理磁盘或换更大的磁盘;账本写不进去时会停止记录并告警。",
    "Free some space or use a larger disk: when the ledger cannot be written, recording stops with an alarm.",
  ),
  unreadable: text(
    "检查目录权限:运行服务的用户须能写入(或以该用户运行 doctor)。",
    "Check the permissions: the user of the service must be able to write there (or run doctor as that user).",
  ),
  local: text(
    "把 dataDir 放到本机磁盘上:网络文件系统不保证落盘。",
    "Put dataDir on a disk of this machine: network file systems do not keep what they promise about fsync.",
  ),
  lasting: text(
    "把 dataDir 放到真实磁盘上;在容器中请挂载卷。",
    "Put dataDir on a real disk; in a container, mount a volume there.",
  ),
  slow: text(
    "磁盘很慢:检查其健康(smartctl),或换 SSD。",
    "The disk is slow: check its health (smartctl) or use an SSD.",
  ),
} as const;
