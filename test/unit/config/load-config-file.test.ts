import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfigFile } from "../../../config/load-config-file.ts";
import { TempFolder } from "../../support/temp-folder.ts";

let temp: TempFolder;
let folder: string;
beforeEach(() => {
  temp = new TempFolder();
  folder = temp.path;
});
afterEach(() => temp[Symbol.dispose]());

const written = (name: string, dataDir: string): string => {
  const path = join(folder, name);
  writeFileSync(
    path,
    `version: 1
store: { retailStoreId: "1", timeZone: UTC, currencyCode: EUR }
agent: { id: a, dataDir: ${dataDir} }
lanes: [{ id: "1", devices: [] }]
uplink: { url: "mqtt://127.0.0.1" }
`,
  );
  return path;
};

test("takes --config before STORELOOP_CONFIG, and relative paths from the folder of the file", () => {
  const byFlag = loadConfigFile({ flag: written("flag.yaml", "data"), env: { STORELOOP_CONFIG: "/nowhere" } });
  expect(byFlag).toMatchObject({
    state: "ok",
    source: { chosenBy: "flag" },
    config: { agent: { dataDir: join(folder, "data") } },
  });
  const byEnv = loadConfigFile({ flag: undefined, env: { STORELOOP_CONFIG: written("env.yaml", "/srv/x") } });
  expect(byEnv).toMatchObject({ state: "ok", source: { chosenBy: "env" }, config: { agent: { dataDir: "/srv/x" } } });
});

test("does not fall back to the demo when a named file cannot be read", () => {
  expect(loadConfigFile({ flag: undefined, env: { STORELOOP_CONFIG: join(folder, "absent.yaml") } })).toMatchObject({
    state: "unreadable",
    source: { chosenBy: "env" },
  });
  mkdirSync(join(folder, "a-folder"));
  expect(loadConfigFile({ flag: join(folder, "a-folder"), env: {} })).toMatchObject({ state: "unreadable" });
});

test("takes the file of the system when nothing is named, and does not pass it over when it is broken", () => {
  const systemPath = join(folder, "storeloop.yaml");
  writeFileSync(systemPath, "version: 1\n");
  expect(loadConfigFile({ flag: undefined, env: {}, systemPath })).toMatchObject({
    state: "invalid",
    source: { chosenBy: "default", path: systemPath },
  });
});

test("runs the embedded virtual store of the checkout when nothing is configured", () => {
  const found = loadConfigFile({ flag: undefined, env: {}, systemPath: join(folder, "absent.yaml") });
  expect(found).toMatchObject({
    state: "ok",
    source: { chosenBy: "embedded", path: resolve("config/demo.yaml") },
    config: { store: { retailStoreId: "0117" }, agent: { dataDir: resolve(".storeloop/agent") } },
  });
});
