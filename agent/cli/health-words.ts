import type { Health } from "../core/driver.ts";
import { text, type Text } from "./text.ts";

/** How a device is doing, in a word or two. */
export const healthWords: Readonly<Record<Health["state"], Text>> = {
  starting: text("启动中", "starting"),
  up: text("正常", "up"),
  down: text("断开,自动重试", "down, retrying"),
  failed: text("失败,需处理", "failed, needs you"),
};

/** What to do about a device that gave no error code. */
export const generalRemedy: Text = text(
  "检查电源和线缆;设备恢复后会自动重连。",
  "Check power and cable; the agent reconnects by itself.",
);
