import type { Text } from "./rules.ts";

/** Why a file could not be read, as a technician sees it. */
const troubles: Readonly<Record<string, Text>> = {
  ENOENT: { "zh-CN": "没有这个文件", en: "there is no such file" },
  ENOTDIR: { "zh-CN": "路径中有一段不是文件夹", en: "a part of the path is no folder" },
  EACCES: { "zh-CN": "当前用户没有读取权限", en: "this user may not read it" },
  EPERM: { "zh-CN": "当前用户没有读取权限", en: "this user may not read it" },
  EISDIR: { "zh-CN": "这是文件夹,不是文件", en: "it is a folder, not a file" },
  EIO: { "zh-CN": "磁盘读取出错", en: "the disk cannot read it" },
};

/** What kept a file from being read; what no table knows is given as the system says it. */
export function fileTrouble(error: unknown): Text {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const plain = error instanceof Error ? error.message : String(error);
  return troubles[code] ?? { "zh-CN": plain, en: plain };
}
