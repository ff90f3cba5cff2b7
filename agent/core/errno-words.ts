import type { Locale } from "./errors.ts";

/** What the operating system refuses with (errno(3), getaddrinfo(3)), as a technician sees it. */
const words: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  ENOENT: { "zh-CN": "没有这个文件或文件夹", en: "there is no such file or folder" },
  ENOTDIR: { "zh-CN": "路径中有一段不是文件夹", en: "a part of the path is no folder" },
  EISDIR: { "zh-CN": "这是文件夹,不是文件", en: "it is a folder, not a file" },
  EEXIST: { "zh-CN": "同名的文件已存在", en: "a file of that name is in the way" },
  EACCES: { "zh-CN": "当前用户没有权限", en: "this user has no permission" },
  EPERM: { "zh-CN": "当前用户没有权限", en: "this user has no permission" },
  EROFS: { "zh-CN": "磁盘是只读的", en: "the disk is read-only" },
  ENOSPC: { "zh-CN": "磁盘已满", en: "the disk is full" },
  EDQUOT: { "zh-CN": "超出磁盘配额", en: "the disk quota is used up" },
  EIO: { "zh-CN": "磁盘读写出错", en: "the disk cannot read or write it" },
  EBUSY: { "zh-CN": "被其他程序占用", en: "another program has it" },
  EAFNOSUPPORT: { "zh-CN": "系统内核没有这项支持", en: "the kernel does not have it" },
  EADDRINUSE: { "zh-CN": "端口已被占用", en: "the port is taken" },
  EADDRNOTAVAIL: { "zh-CN": "不是本机的地址", en: "it is no address of this machine" },
  ECONNREFUSED: { "zh-CN": "对方拒绝连接,没有程序在监听", en: "refused, nothing listens there" },
  ECONNRESET: { "zh-CN": "连接被对方断开", en: "the other end broke the connection" },
  EHOSTUNREACH: { "zh-CN": "找不到该主机", en: "that host is not on the network" },
  ENETUNREACH: { "zh-CN": "网络不通", en: "there is no way to that network" },
  ETIMEDOUT: { "zh-CN": "没有应答", en: "no answer" },
  ENOTFOUND: { "zh-CN": "没有这个主机名", en: "there is no host of that name" },
  EAI_AGAIN: { "zh-CN": "无法解析主机名,检查 DNS", en: "the name cannot be looked up, check DNS" },
};

/** An errno such as `EACCES` in plain words, with the errno behind them for whoever knows it; alone where there are no words. */
export function errnoWords(code: string): Readonly<Record<Locale, string>> {
  const known = Object.hasOwn(words, code) ? words[code] : undefined;
  return known === undefined
    ? { "zh-CN": code, en: code }
    : { "zh-CN": `${known["zh-CN"]},${code}`, en: `${known.en}, ${code}` };
}

/** Why something failed: the plain words for an error of the operating system, the message of any other. */
export function plainly(error: Error, locale: Locale): string {
  const code = "code" in error ? String(error.code) : "";
  if (!Object.hasOwn(words, code)) return error.message;
  const path = "path" in error && typeof error.path === "string" ? `${error.path}: ` : "";
  return path + errnoWords(code)[locale];
}
