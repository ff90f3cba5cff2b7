/** A hint in both languages. */
interface Hint {
  readonly "zh-CN": string;
  readonly en: string;
}

/** Every error code with what a technician should do about it. `docs/troubleshooting.md` has a section a code. */
export const catalogue = {
  UNEXPECTED: {
    "zh-CN": "这是程序缺陷:请保存日志并联系支持。",
    en: "This is a defect in storeloop: keep the log and contact support.",
  },
  LEDGER_UNWRITABLE: {
    "zh-CN": "检查磁盘空间、数据目录权限和磁盘健康,然后重启服务。",
    en: "Check free disk space, the permissions of the data folder and the health of the disk, then restart the service.",
  },
  LEDGER_CORRUPT: {
    "zh-CN": "不要删除文件:备份数据目录后运行 storeloop doctor,并联系支持。",
    en: "Delete nothing: back up the data folder, run `storeloop doctor` and contact support.",
  },
  LEDGER_NOT_DURABLE: {
    "zh-CN": "SQLite 未能启用 synchronous=FULL:请换用本地磁盘上的数据目录。",
    en: "SQLite would not run with synchronous=FULL: put the data folder on a local disk.",
  },
  LEDGER_LOCKED: {
    "zh-CN": "另一个 storeloop 正在使用该数据目录:先停止它(storeloop status)。",
    en: "Another storeloop is using this data folder: stop it first (see `storeloop status`).",
  },
  LEDGER_NEWER: {
    "zh-CN": "数据由更新版本写入:请安装该版本或更高版本。",
    en: "The data was written by a newer version: install that version or a later one.",
  },
  CONTROL_NOT_RUNNING: {
    "zh-CN": "守护进程未运行:用 storeloop run 或 systemctl start storeloop 启动。",
    en: "The daemon is not running: start it with `storeloop run` or `systemctl start storeloop`.",
  },
  CONTROL_SOCKET_PATH: {
    "zh-CN": "控制套接字路径过长:请把 dataDir 设为较短的路径。",
    en: "The path of the control socket is too long: set dataDir to a shorter path.",
  },
  CONFIG_INVALID: {
    "zh-CN": "按提示的行号修改配置文件,再运行 storeloop config validate。",
    en: "Correct the configuration at the lines named, then run `storeloop config validate`.",
  },
  CONFIG_UNREADABLE: {
    "zh-CN": "检查配置文件路径和读取权限(--config 指定路径)。",
    en: "Check the path and read permission of the configuration file (name another with --config).",
  },
  FILE_UNREADABLE: {
    "zh-CN": "检查文件路径和读取权限。",
    en: "Check the path of the file and its read permission.",
  },
} as const satisfies Record<string, Hint>;

/** A stable error code. */
export type ErrorCode = keyof typeof catalogue;
