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
    "zh-CN": "不要删除文件:检查磁盘健康,然后启动服务,它会自动抢救可读的数据。",
    en: "Delete nothing: check the health of the disk, then start the service, which salvages what is readable.",
  },
  LEDGER_SALVAGED: {
    "zh-CN": "检查磁盘健康;把 ledger.db.corrupt-* 文件移到别处保存并联系支持,移走后重启服务,告警即消除。",
    en: "Check the health of the disk; move the files `ledger.db.corrupt-*` to a safe place, contact support and restart the service: the alarm then ends.",
  },
  LEDGER_NOT_DURABLE: {
    "zh-CN": "SQLite 未能启用 synchronous=FULL:请换用本地磁盘上的数据目录。",
    en: "SQLite would not run with synchronous=FULL: put the data folder on a local disk.",
  },
  LEDGER_LOCKED: {
    "zh-CN":
      "另一个 storeloop 正在使用该数据目录:先用 systemctl stop storeloop 停止它,或按 storeloop status 显示的进程号结束它。",
    en: "Another storeloop is using this data folder: stop it first, by `systemctl stop storeloop` or by the pid in `storeloop status`.",
  },
  LEDGER_NEWER: {
    "zh-CN": "数据由更新版本写入:请安装该版本或更高版本。",
    en: "The data was written by a newer version: install that version or a later one.",
  },
  CAPTURE_GAP: {
    "zh-CN": "驱动提交的打印数据不连续:请保存日志并联系支持。",
    en: "A driver handed in print bytes that do not follow the ones before: keep the log and contact support.",
  },
  USAGE: {
    "zh-CN": "在命令后加 --help 查看用法,例如 storeloop receipts --help。",
    en: "Put --help behind the command to see how it is written, e.g. `storeloop receipts --help`.",
  },
  AGENT_STOPPING: {
    "zh-CN": "守护进程正在停止;已收到的数据会在下次启动时处理。",
    en: "The daemon is stopping; what it has received is taken up at the next start.",
  },
  PROFILE_UNKNOWN: {
    "zh-CN": "没有这个小票版式:检查 profile 的拼写,或使用 auto。",
    en: "There is no such POS profile: check the spelling of `profile`, or use auto.",
  },
  CHARSET_UNKNOWN: {
    "zh-CN": "没有这个字符集:检查 charset 的拼写;中文 POS 多为 gb18030。",
    en: "There is no such charset: check the spelling of `charset`, e.g. gb18030, big5, shiftjis, cp850.",
  },
  REGION_KEY_INVALID: {
    "zh-CN": "区域密钥必须是 64 个十六进制字符(32 字节):检查 identity.regionKeyFile 指向的文件。",
    en: "The region key must be 64 hexadecimal characters (32 bytes): check the file named by identity.regionKeyFile.",
  },
  CONTROL_NOT_RUNNING: {
    "zh-CN": "守护进程未运行:用 storeloop run 或 systemctl start storeloop 启动。",
    en: "The daemon is not running: start it with `storeloop run` or `systemctl start storeloop`.",
  },
  CONTROL_SOCKET_PATH: {
    "zh-CN": "控制套接字路径过长:请把 dataDir 设为较短的路径。",
    en: "The path of the control socket is too long: set dataDir to a shorter path.",
  },
  CONTROL_DENIED: {
    "zh-CN": "以运行服务的用户执行,例如 sudo -u storeloop storeloop status。",
    en: "Run it as the user of the service, for example `sudo -u storeloop storeloop status`.",
  },
  CONTROL_REFUSED: {
    "zh-CN": "命令行与守护进程版本可能不同,或守护进程已卡住:重启服务后再试。",
    en: "The command line and the daemon may differ in version, or the daemon hangs: restart the service and try again.",
  },
  RECEIPT_UNKNOWN: {
    "zh-CN": "用 storeloop receipts list 查看已记录的小票;号码须与小票上印的一致,--segment 不超过抓取文件中的张数。",
    en: "See `storeloop receipts list` for what is recorded; give the number exactly as printed, and no --segment beyond what a capture holds.",
  },
  DEVICE_UNKNOWN: {
    "zh-CN": "用 storeloop devices 查看已配置的设备名称。",
    en: "See `storeloop devices` for the names of the configured devices.",
  },
  SIMULATE_NO_DEVICE: {
    "zh-CN": "在配置中加上该类设备,或用 --lane、--zone、--beacon 指明已配置的。",
    en: "Configure a device of this kind, or name a configured one with --lane, --zone or --beacon.",
  },
  SIMULATE_INVALID: {
    "zh-CN": "检查参数:uid 为 8、14 或 20 位十六进制,条码不超过 8192 个字符,抓取文件不超过 4 MB。",
    en: "Check what was given: a uid has 8, 14 or 20 hexadecimal digits, a code at most 8192 characters, a capture at most 4 MB.",
  },
  REPLAY_RUNNING: {
    "zh-CN": "等前一次重读结束后再试。",
    en: "Wait until the replay before has ended, then try again.",
  },
  LEDGER_ABSENT: {
    "zh-CN": "检查配置中的 dataDir;守护进程运行过后才有账本。",
    en: "Check `dataDir` in the configuration; there is a ledger once the daemon has run.",
  },
  CONFIG_INVALID: {
    "zh-CN": "按提示的行号修改配置文件,再运行 storeloop config validate。",
    en: "Correct the configuration at the lines named, then run `storeloop config validate`.",
  },
  CONFIG_UNREADABLE: {
    "zh-CN": "检查配置文件路径(--config 指定);没有读取权限时,以运行服务的用户执行:sudo -u storeloop storeloop。",
    en: "Check the path (name another with --config); where it may not be read, run the command as the user of the service: `sudo -u storeloop storeloop`.",
  },
  PROFILE_INVALID: {
    "zh-CN": "按提示的文件和行号修改小票版式配置。",
    en: "Correct the receipt profile at the file and lines named.",
  },
  PROFILE_NOT_PROPOSED: {
    "zh-CN": "抓取里没有完整的小票:重新抓取一张从头到切纸的销售小票;中文乱码时加 --charset gb18030。",
    en: "There is no whole receipt in the captures: capture a sale from its first line to the cut; if the text is garbled, name its --charset.",
  },
  PROFILE_SAMPLE_FAILED: {
    "zh-CN": "小票版式读错了自己的样例:运行 storeloop profile test 查看差异,修改模式;若样例本身写错,则改样例。",
    en: "A receipt profile misreads its own sample: see where with `storeloop profile test`, then correct the pattern, or the sample if that is wrong.",
  },
  FILE_UNWRITABLE: {
    "zh-CN": "检查文件夹是否存在、能否写入、磁盘是否已满。",
    en: "Check that the folder exists, may be written to and has room.",
  },
  FILE_UNREADABLE: {
    "zh-CN": "检查文件路径和读取权限。",
    en: "Check the path of the file and its read permission.",
  },
  NFC_PCSCD_DOWN: {
    "zh-CN": "读卡服务 pcscd 未运行:执行 systemctl start pcscd.socket,并确认已安装 pcscd。",
    en: "The PC/SC service is not running: run `systemctl start pcscd.socket` and check that pcscd is installed.",
  },
  NFC_PCSCD_HUNG: {
    "zh-CN": "读卡服务 pcscd 没有响应:执行 systemctl restart pcscd;若再次发生,请重新插拔读卡器。",
    en: "The PC/SC service does not answer: run `systemctl restart pcscd`; if it happens again, unplug the reader and plug it in.",
  },
  NFC_PCSCD_DENIED: {
    "zh-CN": "当前用户无权访问 pcscd:按 docs/install.md 安装 polkit 规则,或以 storeloop 用户运行服务。",
    en: "This user may not use pcscd: install the polkit rule of docs/install.md, or run the service as user storeloop.",
  },
  NFC_READER_GONE: {
    "zh-CN": "找不到该读卡器:检查 USB 线,并核对配置中的读卡器名称。",
    en: "The reader is not there: check its USB cable and the reader name in the configuration.",
  },
  NFC_READ_TIMEOUT: {
    "zh-CN": "卡片在读卡器上但读不出:请顾客只放一张卡,平放一秒钟。",
    en: "A card was present but could not be read: ask the shopper to hold one single card flat on the reader for a second.",
  },
  NFC_BANK_CARD: {
    "zh-CN": "这是银行卡或手机里的付款卡,不是会员卡:请顾客出示会员卡,付款请用收银台的 POS 机。",
    en: "That is a bank card, or a phone offering one: ask for the member card, and take payments on the payment terminal.",
  },
  NFC_TRANSIT_CARD: {
    "zh-CN": "这是公交卡,不是会员卡:请顾客出示会员卡。",
    en: "That is a transit card: ask for the member card.",
  },
  NFC_NOTHING_USABLE: {
    "zh-CN": "手机或卡片没有给出可识别会员的内容:请顾客出示会员卡、钱包中的会员卡券或会员码。",
    en: "The phone or card showed nothing that tells a member: ask for the member card, the pass in the wallet or the member code.",
  },
  NFC_CARD_REMOVED: {
    "zh-CN": "卡片移开过早:请顾客等读卡器响一声后再拿开。",
    en: "The card was taken away too early: ask the shopper to hold it until the reader beeps.",
  },
  NFC_PHONE_LOCKED: {
    "zh-CN": "手机处于锁定状态:请顾客解锁手机,再贴一次读卡器。",
    en: "The phone is locked: ask the shopper to unlock it and to hold it to the reader again.",
  },
  NFC_NO_PASS: {
    "zh-CN": "手机钱包里没有本店的会员卡:请顾客先添加会员卡,或改用会员号。",
    en: "The phone's wallet has no pass of this shop: ask the shopper to add it, or for the member number instead.",
  },
  NFC_PASS_CHOICE: {
    "zh-CN": "手机里有多张可用的卡:请顾客在手机上选一张,再贴一次读卡器。",
    en: "The phone has several passes that fit: ask the shopper to choose one on the phone and to hold it to the reader again.",
  },
  NFC_WALLET_UNREADABLE: {
    "zh-CN": "无法读懂手机钱包的应答:请顾客再贴一次;若反复出现,请保存日志并联系支持。",
    en: "The phone's wallet gave an answer that could not be used: ask the shopper to try again; if this repeats, keep the log and contact support.",
  },
  NFC_WALLET_KEY_INVALID: {
    "zh-CN": "钱包卡的配置无法使用:检查私钥文件(PEM、P-256、未加密)以及卡类型或 collector ID。",
    en: "The settings of a wallet pass cannot be used: check its private key (PEM, P-256, not encrypted) and its pass type or collector ID.",
  },
  NFC_LIBRARY_MISSING: {
    "zh-CN": "无法加载 nfc-pcsc:安装 libpcsclite-dev 后重新运行 scripts/setup,再重启服务。",
    en: "nfc-pcsc could not be loaded: install libpcsclite-dev, run scripts/setup again and restart the service.",
  },
  NFC_VIRTUAL_UNAVAILABLE: {
    "zh-CN": "无法使用虚拟读卡器:以 root 执行 apt-get install pcscd vsmartcard-vpcd 后重试。",
    en: "There are no virtual readers here: as root run `apt-get install pcscd vsmartcard-vpcd` and try again.",
  },
  HID_DEVICE_GONE: {
    "zh-CN": "找不到该扫码枪或刷卡器:检查 USB 线,并核对配置中的 vendorId、productId、serial 或 path;插回后自动恢复。",
    en: "The scanner or stripe reader is not there: check its cable, and vendorId, productId, serial or path in the configuration; it is taken up again by itself.",
  },
  HID_DENIED: {
    "zh-CN":
      "没有该 USB 设备的权限:把 config/udev/60-storeloop.rules 复制到 /etc/udev/rules.d/,执行 udevadm control --reload 后重新插拔设备。",
    en: "No permission for the USB device: copy config/udev/60-storeloop.rules to /etc/udev/rules.d/, run `udevadm control --reload`, unplug the device and plug it in again.",
  },
  HID_DEVICE_FAILED: {
    "zh-CN":
      "该 USB 设备无法使用:重新插拔;把扫码枪设为 HID-POS 模式(扫说明书上的设置码),并核对配置是否指向正确的设备。",
    en: "The USB device cannot be used: plug it in anew, set the scanner to HID-POS mode (by the code in its manual), and check that the configuration names the right device.",
  },
  HID_LIBRARY_MISSING: {
    "zh-CN": "无法加载 node-hid:重新运行 scripts/setup 后重启服务。",
    en: "node-hid could not be loaded: run scripts/setup again and restart the service.",
  },
  HID_VIRTUAL_UNAVAILABLE: {
    "zh-CN": "无法建立虚拟扫码枪:以 root 执行 apt-get install umockdev gir1.2-umockdev-1.0 python3-gi 后重试。",
    en: "There is no virtual scanner here: as root run `apt-get install umockdev gir1.2-umockdev-1.0 python3-gi` and try again.",
  },
  BLE_NO_BLUETOOTH: {
    "zh-CN": "本机没有可用的低功耗蓝牙:插入蓝牙适配器,确认内核带有蓝牙支持(容器内通常没有),或改用串口控制器。",
    en: "There is no Bluetooth LE here: plug in an adapter and check that the kernel has Bluetooth (containers mostly have none), or use a controller on a serial line.",
  },
  BLE_ADAPTER_GONE: {
    "zh-CN": "找不到蓝牙适配器或其串口:检查 USB 接口或线缆,以及配置中的 adapter、address 或 path;插回后自动恢复。",
    en: "The Bluetooth adapter or its serial port is not there: check the plug, and adapter, address or path in the configuration; it is taken up again by itself.",
  },
  BLE_ADAPTER_DOWN: {
    "zh-CN": "蓝牙适配器已关闭:执行 rfkill unblock bluetooth 和 bluetoothctl power on;打开后自动恢复。",
    en: "The Bluetooth adapter is turned off: run `rfkill unblock bluetooth` and `bluetoothctl power on`; it is taken up again by itself.",
  },
  BLE_SCAN_STALLED: {
    "zh-CN": "蓝牙控制器没有响应:拔下适配器,等十秒再插回;若反复出现请更换。",
    en: "The Bluetooth controller does not answer: unplug the adapter, wait ten seconds and plug it in; if this repeats, replace it.",
  },
  BLE_DENIED: {
    "zh-CN":
      "当前用户无权使用蓝牙:给服务 CAP_NET_RAW 和 CAP_NET_ADMIN 权限(串口控制器则加入 dialout 组),然后重启服务。",
    en: "This user may not use Bluetooth: give the service CAP_NET_RAW and CAP_NET_ADMIN (for a controller on a serial line, the group dialout) and restart it.",
  },
  BLE_LIBRARY_MISSING: {
    "zh-CN": "无法加载蓝牙库:重新运行 scripts/setup 后重启服务。",
    en: "The Bluetooth library could not be loaded: run scripts/setup again and restart the service.",
  },
  HOST_CHILD_DIED: {
    "zh-CN": "驱动子进程意外退出,正在自动重启;若反复出现,请保存日志并联系支持。",
    en: "The driver's child process died and is being restarted; if this repeats, keep the log and contact support.",
  },
  HOST_CHILD_HUNG: {
    "zh-CN": "驱动子进程没有响应,已被替换;若反复出现,请重新插拔设备,并重启它所用的服务(读卡器为 pcscd)。",
    en: "The driver's child process hung and was replaced; if this repeats, replug the device and restart the service it uses.",
  },
  HOST_MODULE_INVALID: {
    "zh-CN": "驱动模块无法加载:请重新安装 storeloop。",
    en: "The driver module could not be loaded: install storeloop again.",
  },
  SYNC_BROKER_UNREACHABLE: {
    "zh-CN": "检查网络、uplink.url 的地址和端口以及防火墙;本地记录不受影响,恢复后自动补传。",
    en: "Check the network, the address and port in uplink.url and the firewall; nothing is lost, shipping resumes by itself.",
  },
  SYNC_BROKER_REFUSED: {
    "zh-CN": "消息服务器拒绝登录:检查 uplink 的用户名、密码和 agent.id 的访问权限。",
    en: "The broker refused the login: check user name and password in uplink, and the broker's access rules for agent.id.",
  },
  SYNC_BROKER_TLS: {
    "zh-CN": "消息服务器的证书无法验证:检查 uplink.caFile、服务器名称和本机时间。",
    en: "The broker's certificate could not be verified: check uplink.caFile, the host name in uplink.url and this machine's clock.",
  },
  SYNC_BROKER_LOST: {
    "zh-CN": "与消息服务器的连接中断,正在自动重连;若反复出现请检查网络,或是否有两台机器使用同一 agent.id。",
    en: "The connection to the broker broke and is being restored; if it recurs, check the network and that no two machines share an agent.id.",
  },
  SYNC_NOT_CONNECTED: {
    "zh-CN": "当前没有与消息服务器的连接:无需操作,连接后自动补传。",
    en: "There is no connection to the broker at the moment: nothing to do, shipping resumes once there is.",
  },
  SYNC_FORK: {
    "zh-CN": "云端与本机记录内容不一致,已另起新段重新上传:请通知云端人员核对 alarms 表,并确认数据目录未被还原。",
    en: "Cloud and ledger disagreed and a new epoch was begun: have the cloud team look at its alarms table, and check whether the data folder was restored from a copy.",
  },
  SYNC_RECEIVER_SILENT: {
    "zh-CN": "消息服务器可用但云端未确认:请通知云端人员检查接收服务和数据库;本地记录不受影响。",
    en: "The broker is there but the receiver does not acknowledge: have the cloud team check the receiver and its database; nothing is lost.",
  },
  SYNC_RECEIVER_BEHIND: {
    "zh-CN": "云端记录比曾确认的少(可能恢复过备份),正在重新上传:请通知云端人员。",
    en: "The receiver has less than it had acknowledged (restored from a backup?) and is being sent it again: tell the cloud team.",
  },
  PRINT_PORT_IN_USE: {
    "zh-CN": "另一个程序正占用打印端口:停止它(ss -ltnp 查看),或在配置中修改 listen;程序会自动重试。",
    en: "Another program has the print port: stop it (find it with `ss -ltnp`) or change listen in the configuration; it is retried by itself.",
  },
  PRINT_PORT_FAILED: {
    "zh-CN": "无法打开打印端口:检查配置中 listen 的地址是否属于本机,以及小于 1024 的端口权限。",
    en: "The print port could not be opened: check that the address in listen is this machine's, and the right to use ports below 1024.",
  },
  PRINT_NOT_RECORDED: {
    "zh-CN": "打印数据暂时无法入账,正在保留并重试:检查磁盘空间和账本状态(storeloop doctor)。",
    en: "Print bytes cannot be recorded for now and are kept and retried: check the disk and the ledger with `storeloop doctor`.",
  },
  PRINT_CAPTURE_OVERFLOW: {
    "zh-CN": "打印正常,但账本过慢或不可用,部分小票未被记录:检查磁盘(storeloop doctor),并按日结补录。",
    en: "Printing went on but the ledger was too slow and part of it was not recorded: check the disk with `storeloop doctor` and the day's report for missing receipts.",
  },
  PRINTER_UNREACHABLE: {
    "zh-CN": "真实打印机无法连接:检查电源、网线和配置中的 forwardTo 地址。",
    en: "The real printer cannot be reached: check its power, its cable and the address in forwardTo.",
  },
  FOLDER_MISSING: {
    "zh-CN": "找不到打印文件夹:检查配置中的 path、POS 是否写入该处、网络共享是否已挂载;恢复后自动继续。",
    en: "The folder is not there: check path in the configuration, where the POS writes, and that a share is mounted; it is taken up again by itself.",
  },
  FOLDER_DENIED: {
    "zh-CN": "没有打印文件夹或其中文件的权限:给运行服务的用户读取权限(移动、删除还需写入权限)。",
    en: "No permission for the folder or a file in it: give the service's user the right to read (and, to move or delete, to write).",
  },
  FOLDER_FAILED: {
    "zh-CN": "打印文件夹或其中文件无法读取:检查磁盘或网络共享;程序会自动重试。",
    en: "The folder or a file in it could not be read or put away: check the disk or the share; it is tried again by itself.",
  },
  SERIAL_PORT_MISSING: {
    "zh-CN": "找不到串口:检查 USB 转串口线是否插好、配置中的 path 是否正确;插回后自动恢复。",
    en: "The serial port is not there: check the cable and path in the configuration; it is taken up again by itself.",
  },
  SERIAL_PORT_DENIED: {
    "zh-CN": "没有串口权限:把运行用户加入 dialout 组后重启服务。",
    en: "No permission for the serial port: add the service's user to the group dialout and restart the service.",
  },
  SERIAL_PORT_BUSY: {
    "zh-CN": "串口被其他程序占用:停止该程序(fuser 可查看,属软件包 psmisc)。",
    en: "Another program has the serial port: stop it (find it with `fuser`, package psmisc).",
  },
  SERIAL_PORT_LOST: {
    "zh-CN": "串口断开:检查 USB 转串口线;插回后自动恢复。",
    en: "The serial port went away: check the cable; it is taken up again by itself when it is back.",
  },
  SERIAL_PORT_FAILED: {
    "zh-CN": "串口无法打开:检查配置中的波特率等参数和线缆。",
    en: "The serial port could not be opened: check its settings in the configuration and the cable.",
  },
  SERIAL_PRINTER_BLOCKED: {
    "zh-CN": "串口另一端的打印机不再接收数据:检查打印机电源、纸张、机盖和线缆;恢复后自动继续。",
    en: "The printer on the serial line takes nothing: check its power, paper, cover and cable; printing goes on by itself.",
  },
  SERIAL_LIBRARY_MISSING: {
    "zh-CN": "无法加载 serialport:重新运行 scripts/setup 后重启服务。",
    en: "serialport could not be loaded: run scripts/setup again and restart the service.",
  },
  SERIAL_VIRTUAL_UNAVAILABLE: {
    "zh-CN": "无法建立虚拟串口:以 root 执行 apt-get install socat 后重试。",
    en: "There is no virtual serial port here: as root run `apt-get install socat` and try again.",
  },
} as const satisfies Record<string, Hint>;

/** A stable error code. */
export type ErrorCode = keyof typeof catalogue;
