import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { parse } from "yaml";
import { expect, test } from "vitest";
import { loadConfig } from "../../../config/load-config.ts";
import { showConfig } from "../../../config/show-config.ts";

const planted = "0123456789abcdef".repeat(4);

const text = `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: /var/lib/storeloop, logLevel: info }
lanes:
  - id: "05"
    devices:
      - { id: p, type: printer-tcp, listen: "[::1]:9100", forwardTo: "192.168.1.50:9100" }
      - { id: s, type: printer-serial, path: /dev/ttyUSB0 }
      - { id: n, type: nfc, reader: "ACS ACR122U 00 00" }
identity: { regionKeyFile: /etc/storeloop/region.key }
uplink: { url: "mqtts://broker:8883", username: shop, passwordEnv: MQTT_PASSWORD }
`;

const load = (source: string) => {
  const result = loadConfig(source, { env: { MQTT_PASSWORD: planted }, readSecretFile: () => planted, base: "/etc" });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result;
};

test("shows a configuration that loads to the same configuration again", () => {
  const first = load(text);
  const again = load(showConfig(first.config, first.given).shown);
  expect(again.config).toEqual(first.config);
  expect(again.config.identity.regionKey?.reveal()).toBe(planted);
});

test("marks what is a default and nothing else", () => {
  const { config, given } = load(text);
  const { shown, defaulted } = showConfig(config, given);
  expect(defaulted).toContain("lanes[0].devices[1].baudRate");
  expect(defaulted).toContain("uplink.topicPrefix");
  expect(defaulted).not.toContain("agent.logLevel");
  expect(shown).toMatch(/^ {2}topicPrefix: storeloop\/v1 # default/m);
  expect(shown).toMatch(/^ {2}logLevel: info$/m);
  expect(shown.match(/# default/g)).toHaveLength(defaulted.length);
});

test("never shows a secret, however the configuration is printed", () => {
  const { config, given } = load(text);
  const { shown, effective } = showConfig(config, given);
  for (const printed of [shown, JSON.stringify(effective), JSON.stringify(config), inspect(config, { depth: 9 })])
    expect(printed).not.toContain(planted);
  expect(String(config.uplink.password)).toBe("[redacted]");
  expect(shown).toMatch(/passwordEnv: MQTT_PASSWORD # secret/);
});

test("shows the shipped demo as the same values it is written with", () => {
  const source = readFileSync(new URL("../../../config/demo.yaml", import.meta.url), "utf8");
  const { config, given } = load(source.replaceAll("../.storeloop", "/srv/demo"));
  expect(showConfig(config, given).effective).toMatchObject(parse(source.replaceAll("../.storeloop", "/srv/demo")));
});
