import { text } from "./text.ts";

/** The texts of `--help` of `devices` and `simulate`. */
export const deviceHelpWords = {
  devices: text(
    "设备:状态、最近动作、故障和处理办法;有设备断开时退出 1",
    "devices: state, last seen, faults and what to do; exit 1 when one is down",
  ),
  devicesFound: text(
    "本机已插入、可供使用的设备,附可复制到配置的行;不需要守护进程",
    "what is plugged into this machine, with the lines for the configuration; without a daemon",
  ),
  devicesTest: text(
    "逐台检验:按提示刷卡、扫码、打印、放信标;全部有反应才退出 0",
    "try each device: tap, scan, print, bring a beacon, as asked; exit 0 only when all saw it",
  ),
  devicesIdentify: text(
    "让设备闪灯或鸣响;做不到的,操作它时会报出名称",
    "make a device blink or beep; one that cannot is named when you use it",
  ),
  seconds: text("每台设备最多等多少秒", "seconds to wait for each device"),
  simulate: text(
    "向运行中的守护进程播放虚拟的刷卡、扫码、小票或信标;标记为测试,不计入统计",
    "play a tap, a scan, a receipt or a beacon into the running daemon; marked as a test, never counted",
  ),
  simulateNfc: text("把一张虚拟卡放到读卡器上", "hold a virtual card to a reader"),
  simulateScan: text("扫一个条码", "scan a code"),
  simulateReceipt: text(
    "打印一张小票:抓取文件,不给则用虚拟门店的小票",
    "print a receipt: a capture, else one of the virtual store",
  ),
  simulateBle: text("让一个信标出现几秒钟", "let a beacon be heard for some seconds"),
  simulateLane: text("在哪个收银台(默认第一个有此类设备的)", "on which lane (default: the first with such a device)"),
  uid: text("卡片 UID,十六进制(默认随机)", "UID of the card, hexadecimal (default: by chance)"),
  uri: text("卡片里的网址", "the URI on the card"),
  zone: text("在哪个区域(默认第一个)", "in which zone (default: the first)"),
  beacon: text("哪个信标(默认第一个)", "which beacon (default: the first)"),
  rssi: text("信号强度", "how strongly it is heard"),
  heardFor: text("出现多少秒", "for how many seconds"),
} as const;
