import { errnoWords } from "../core/errno-words.ts";
import type { Locale } from "../core/errors.ts";

/** strerror(3), as a library gives it where it gives no errno. */
const strerrors: Readonly<Record<string, string>> = {
  "No such file or directory": "ENOENT",
  "Permission denied": "EACCES",
  "Device or resource busy": "EBUSY",
};

/** What drivers say most often, and the same in Chinese. */
const sentences: readonly (readonly [RegExp, string])[] = [
  [/^no device that fits is plugged in$/, "没有插入符合配置的设备"],
  [/^cannot listen on (\S+):(?= )/, "不能监听 $1:"],
  [/^no printer at (\S+):(?= )/, "连不上打印机 $1:"],
  [/: this is no serial port$/, ": 这不是串口"],
  [/^no answer within ([\d.]+) s$/, "$1 秒内没有应答"],
  [/^the driver process ended: \w+$/, "驱动进程已结束"],
];

/** The detail of a driver or of the network, as the daemon has it, for a person: what the system refused with is said in words. */
export function detailWords(detail: string, locale: Locale): string {
  const plain = detail
    .replace(/^(?:connect|getaddrinfo|read|write|bind|listen) (E[A-Z_]+)(?: (\S+))?$/, "$2: $1")
    .replace(/^: /, "")
    .replace(/^(E[A-Z]{2,}), .*$/s, "$1")
    .replace(/: (E[A-Z]{2,}[A-Z_]*): .*$/s, ": $1")
    .replace(/: (No such file or directory|Permission denied|Device or resource busy)$/, (whole, said: string) => {
      const code = strerrors[said];
      return code === undefined ? whole : `: ${code}`;
    })
    .replace(/(^|: )(E[A-Z]{2,}[A-Z_]*)$/, (_, before: string, code: string) => before + errnoWords(code)[locale]);
  if (locale === "en") return plain;
  return sentences.reduce((said, [pattern, chinese]) => said.replace(pattern, chinese), plain);
}
