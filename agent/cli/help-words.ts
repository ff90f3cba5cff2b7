import { text } from "./text.ts";

/** The texts of `--help`. */
export const helpWords = {
  program: text(
    "门店端程序:记录小票和触碰,可靠地送到云端。",
    "In-store agent: records receipts and taps and ships them to the cloud.",
  ),
  wholeNumber: text("须为从 1 起的整数", "a whole number from 1 is wanted"),
  date: text(
    "须为日期,例如 2026-03-14 或 2026-03-14T10:00:00+08:00",
    "a date is wanted, e.g. 2026-03-14 or 2026-03-14T10:00:00+08:00",
  ),
  configOption: text(
    "配置文件(默认 $STORELOOP_CONFIG,再默认 /etc/storeloop/storeloop.yaml,再无则用内置虚拟门店)",
    "configuration file (else $STORELOOP_CONFIG, else /etc/storeloop/storeloop.yaml, else the embedded virtual store)",
  ),
  lang: text("输出语言", "language of the output"),
  json: text(
    "机器可读输出:一个 JSON 对象;列表和事件流每行一个",
    "machine-readable output: one JSON object; lists and streams one a line",
  ),
  help: text("显示用法", "show this help"),
  version: text("显示版本", "show the version"),
  exitCodes: text(
    '退出码:0 成功;1 失败或检查发现故障;2 用法错误;4 守护进程未运行;130 检查被 Ctrl+C 中断。\n使用 --json 时,错误以 {"error":{code,message,causes,hint}} 写到标准错误。',
    'Exit codes: 0 ok; 1 failure, or a check found something wrong; 2 usage; 4 daemon not running; 130 a check was cut off by Ctrl+C.\nWith --json an error is {"error":{code,message,causes,hint}} on standard error.',
  ),
  run: text("在前台运行守护进程", "run the daemon in the foreground"),
  status: text("守护进程现在的状况", "how the daemon is doing now"),
  watch: text(
    "实时显示看到、记录、关联、发送和确认的每件事",
    "show each thing seen, recorded, linked, sent and acknowledged, live",
  ),
  doctor: text(
    "检查配置、磁盘、设备、消息服务器和账本链,并给出处理办法",
    "check configuration, disk, devices, broker and ledger chain, and say what to do",
  ),
  receipts: text("已记录的小票", "recorded receipts"),
  list: text("最新的小票在前;--json 每行一个对象", "newest first; with --json one object a line"),
  limit: text("最多几张", "how many at most"),
  before: text("只列该序号之前的", "only those before this place in the ledger"),
  show: text(
    "按打印时的样子画出一张小票:按小票上的号码、序号或条目标识",
    "draw one receipt as it was printed, named by its printed number, place in the ledger or entry id",
  ),
  html: text(
    "生成一个独立的 HTML 页面(图片、条码、二维码都在内),写入文件,不给文件名则写到标准输出",
    "make a self-contained HTML page with pictures, barcodes and QR codes: to a file, else to standard output",
  ),
  showFile: text(
    "画出抓取文件中的小票,不需要守护进程(- 为标准输入)",
    "draw what is in a capture, without a daemon (- for standard input)",
  ),
  segment: text("只要抓取文件中的第几张(从 1 起)", "only this slip of the capture, counted from 1"),
  keyOrFile: text("请给出 key 或 --file 之一", "give either a key or --file"),
  by: text("key 是什么(默认看形式)", "what the key is (default: by its form)"),
  lane: text("只在这个收银台找", "look on this lane only"),
  decode: text(
    "离线解析抓取的打印数据(- 为标准输入),每段一个 JSON 对象",
    "read a capture of print bytes (- for standard input), without a daemon; one JSON object a segment",
  ),
  profile: text("POS 版式:名称、auto 或 none", "POS profile: a name, auto or none"),
  charset: text("数据未声明编码时使用,例如 gb18030", "encoding until the bytes select one, e.g. gb18030"),
  reveal: text("完整显示会员号", "give member numbers in full"),
  replay: text(
    "用现在的版式重读已保存的原始数据,读法有变的以新条目更正",
    "read the kept bytes again with the profiles of today and amend, by new entries, what reads otherwise",
  ),
  replayProfile: text("只用这个版式:名称或 .yaml 文件", "with this profile only: a name or a .yaml file"),
  replaySince: text("只重读此时之后记录的", "only what was recorded since then"),
  replayLane: text("只重读这个收银台的", "only this lane"),
  replayDryRun: text("只显示会有什么变化,不写入", "show what would change and write nothing"),
  profiles: text("小票版式:查看、试用、起草", "receipt profiles: look at them, try them, propose one"),
  profileList: text("列出全部版式及其样例是否通过", "all profiles, and whether their samples pass"),
  profileShow: text("显示版式文件,可复制后修改", "print a profile's file, to copy and change"),
  profileNew: text(
    "根据抓取文件起草一个版式,写到标准输出;全部抓取都通过才退出 0",
    "propose a profile from captures, on standard output; exit 0 only when it reads all of them",
  ),
  profileFrom: text(
    "抓取文件,越多样越好:销售、退货、日结",
    "captures, best of several kinds: sale, refund, end of day",
  ),
  profileName: text("版式名称(默认取自第一个抓取文件名)", "name of the profile (default: after the first capture)"),
  profileTest: text(
    "用样例或抓取文件试版式:逐字段显示读自小票何处;全部通过才退出 0",
    "try a profile (or all) on its samples or on captures and show where each field was read; exit 0 only when all pass",
  ),
  profileTestWords: text("版式名称或 .yaml 文件,然后是抓取文件", "name or .yaml file of a profile, then captures"),
  config: text("配置文件", "the configuration file"),
  validate: text("检查配置,一次列出全部错误", "check the configuration and list all its faults at once"),
  file: text("同 --config", "the same as --config"),
  configShow: text(
    "显示生效的配置:密钥不显示,默认值有标记",
    "print the effective configuration: secrets redacted, defaults marked",
  ),
} as const;
