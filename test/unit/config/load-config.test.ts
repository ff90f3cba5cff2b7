import fc from "fast-check";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { regionKey } from "../../../agent/region-key.ts";
import { loadConfig, type ConfigResult } from "../../../config/load-config.ts";
import type { SecretAccess } from "../../../config/secrets.ts";

const golden = (name: string): string => readFileSync(new URL(`../../golden/config/${name}`, import.meta.url), "utf8");
const shipped = (name: string): string => readFileSync(new URL(`../../../config/${name}`, import.meta.url), "utf8");

const access: SecretAccess = {
  env: {},
  readSecretFile: () => {
    throw new Error("no such file");
  },
  base: "/etc/storeloop",
};

const load = (text: string, more: Partial<SecretAccess> = {}): ConfigResult => loadConfig(text, { ...access, ...more });

const configOf = (result: ConfigResult) => {
  if (!result.ok) throw new Error(report(result));
  return result.config;
};

const report = (result: ConfigResult): string =>
  result.ok
    ? "no fault\n"
    : result.faults
        .map(
          (fault) =>
            `${fault.line}:${fault.column} ${fault.code} ${fault.path}\n` +
            `  en: ${fault.message.en} | ${fault.hint.en}\n` +
            `  zh: ${fault.message["zh-CN"]} | ${fault.hint["zh-CN"]}\n`,
        )
        .join("");

const least = (more = ""): string => `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: a, dataDir: data }
lanes:
  - id: "05"
    devices: []
uplink: { url: "mqtt://127.0.0.1:1883"${more} }
`;

test("reports every fault of a file at once, with line, column and what to do", async () => {
  await expect(report(load(golden("several-faults.yaml")))).toMatchFileSnapshot(
    "../../golden/config/several-faults.expected.txt",
  );
});

const withDevices = (...devices: readonly string[]): string =>
  least().replace("devices: []", `devices: [${devices.join(", ")}]`);

test("takes a serial line between POS and printer, and a folder of journals, with absolute paths", () => {
  const text = withDevices(
    "{ id: a, type: printer-serial, path: /dev/ttyS0, forwardTo: ../tty }",
    "{ id: b, type: print-folder, path: out, content: journal, names: 'EJ*.TXT' }",
    "{ id: c, type: print-folder, path: /srv/out, afterwards: move, moveTo: done }",
  );
  expect(configOf(load(text)).lanes[0]?.devices).toMatchObject([
    { path: "/dev/ttyS0", forwardTo: "/etc/tty" },
    { path: "/etc/storeloop/out", names: "EJ*.TXT", settleMs: 1000, afterwards: "leave" },
    { path: "/srv/out", content: "files", moveTo: "/etc/storeloop/done" },
  ]);
});

test("refuses a serial port with two uses, a folder read twice and a journal that is to be moved", () => {
  const text = withDevices(
    "{ id: a, type: printer-serial, path: /dev/ttyS0, forwardTo: /dev/ttyS1 }",
    "{ id: b, type: printer-serial, path: /dev/ttyS1 }",
    "{ id: c, type: print-folder, path: /out }",
    "{ id: d, type: print-folder, path: /out, content: journal, afterwards: move }",
  );
  expect(report(load(text)).match(/[A-Z_]{4,} \S+/g)).toEqual([
    "ALREADY_IN_USE lanes[0].devices[0].forwardTo",
    "ALREADY_IN_USE lanes[0].devices[3].path",
    "NOT_ALLOWED lanes[0].devices[3].afterwards",
  ]);
});

test.each([
  ["tab-indent.yaml"],
  ["two-colons.yaml"],
  ["open-quote.yaml"],
  ["alias-and-tag.yaml"],
  ["empty.yaml"],
  ["not-a-mapping.yaml"],
])("explains %s, a file that is not what it should be", async (name) => {
  await expect(report(load(golden(name)))).toMatchFileSnapshot(
    `../../golden/config/${name.replace(".yaml", ".expected.txt")}`,
  );
});

test("loads the shipped example and the shipped demo", () => {
  expect(report(load(shipped("example.yaml")))).toBe("no fault\n");
  expect(report(load(shipped("demo.yaml")))).toBe("no fault\n");
});

test("fills in the defaults and makes paths absolute from the folder of the file", () => {
  const config = configOf(load(least(', caFile: "ca.pem"')));
  expect(config.agent).toEqual({ id: "a", dataDir: "/etc/storeloop/data", logLevel: "info" });
  expect(config.identity).toEqual({ keyVersion: 1, touchBeforeMs: 120_000, touchAfterMs: 30_000 });
  expect(config.uplink).toEqual({
    url: "mqtt://127.0.0.1:1883",
    protocolVersion: "auto",
    topicPrefix: "storeloop/v1",
    caFile: "/etc/storeloop/ca.pem",
  });
});

test("keeps text that looks like a number as text when it is quoted", () => {
  expect(configOf(load(least())).store.retailStoreId).toBe("0117");
});

test("refuses a number with leading zeros even where a number is wanted", () => {
  const result = load(`${least()}identity: { touchAfterMs: 0500 }\n`);
  expect(report(result)).toMatch(/^8:27 LEADING_ZERO identity\.touchAfterMs/);
});

test("reads secrets from a file or the environment and drops the line break at the end", () => {
  const text = `${least(", username: shop, passwordFile: mqtt.password")}identity: { regionKeyEnv: REGION_KEY }\n`;
  const asked: string[] = [];
  const config = configOf(
    load(text, {
      env: { REGION_KEY: "0123456789abcdef".repeat(4) },
      readSecretFile: (path) => (asked.push(path), "open sesame\r\n"),
    }),
  );
  expect(asked).toEqual(["/etc/storeloop/mqtt.password"]);
  expect(config.uplink.password?.reveal()).toBe("open sesame");
  expect(config.identity.regionKey?.reveal()).toHaveLength(64);
});

test("says where a secret cannot be read and never what it is", () => {
  const text = `${least(", username: shop, passwordFile: /nowhere")}identity: { regionKeyEnv: REGION_KEY }\n`;
  const result = load(text, { env: { REGION_KEY: "short-secret" } });
  expect(report(result)).toMatch(/^7:71 SECRET_UNREADABLE uplink\.passwordFile/);
  expect(report(result)).toMatch(/^8:27 SECRET_WEAK identity\.regionKeyEnv/m);
  expect(report(result)).not.toContain("short-secret");
});

test.each(["ab".repeat(31), `${"ab".repeat(32)}c`, `${"ab".repeat(31)}zz`])(
  "refuses a region key that the agent would not take",
  (key) => {
    const result = load(`${least()}identity: { regionKeyEnv: REGION_KEY }\n`, { env: { REGION_KEY: key } });
    expect(report(result)).toMatch(/^8:27 SECRET_WEAK identity\.regionKeyEnv/m);
    expect(() => regionKey(key, 1, "/nowhere")).toThrow(expect.objectContaining({ code: "REGION_KEY_INVALID" }));
  },
);

const yamlish = fc.array(
  fc.oneof(
    fc.constantFrom(
      "version: 1\n",
      "lanes:\n",
      "  - id: ",
      "devices: ",
      "[",
      "]",
      "{",
      "}",
      "&a ",
      "*a",
      "!x ",
      "? ",
      ": ",
      "\n",
    ),
    fc.constantFrom(
      "\t",
      "'",
      '"',
      "0117",
      "~",
      "- ",
      "--- \n",
      "%YAML 1.1\n",
      "<<: ",
      "__proto__: ",
      "constructor: ",
      "| \n",
    ),
    fc.constantFrom("uplink: ", "identity:\n", "  regionKeyFile: x\n", "type: nfc\n", "agent: {}\n", "#", " ", "  "),
    fc.string({ unit: "binary", maxLength: 6 }),
  ),
  { maxLength: 40 },
);

test("answers arbitrary text with faults that lie inside it, never with an exception", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        yamlish.map((parts) => parts.join("")),
        fc.string({ unit: "binary" }),
      ),
      (text) => {
        const result = load(text);
        const lines = text.split("\n").length;
        return (
          !result.ok &&
          result.faults.length > 0 &&
          result.faults.every((fault) => fault.line >= 1 && fault.line <= lines && fault.column >= 1)
        );
      },
    ),
    { numRuns: 1500 },
  );
});

test("answers any value in any place of the file with faults or a configuration, never with an exception", () => {
  const value = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom("1e999", "0x10", ".nan", "2001-01-01"));
  const places = ["version", "store", "agent", "lanes", "identity", "uplink", "__proto__", "toString"];
  fc.assert(
    fc.property(fc.constantFrom(...places), value, (place, garbage) => {
      const text = least().replace(new RegExp(`^${place}:.*$`, "m"), "");
      for (const result of [
        load(`${text}${place}: ${JSON.stringify(garbage)}\n`),
        load(least().replace("devices: []", () => `devices: [${JSON.stringify(garbage)}]`)),
      ])
        expect(result.ok || result.faults.length > 0).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test("refuses a text that is too large or nested too deeply instead of choking on it", () => {
  expect(report(load("a".repeat(2_000_000)))).toMatch(/^1:1 TOO_LARGE/);
  expect(load("[".repeat(200_000)).ok).toBe(false);
  expect(load("- ".repeat(100_000)).ok).toBe(false);
});
