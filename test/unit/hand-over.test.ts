import { expect, test } from "vitest";
import { decodeHandOver, encodeHandOver } from "../../agent/hand-over.ts";
import { readProfiles } from "../../agent/profiles-on-disk.ts";
import { loadConfig } from "../../config/load-config.ts";

const file = `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: "0117-a", dataDir: data }
lanes:
  - id: "05"
    devices:
      - { id: till-5, type: printer-tcp, listen: "127.0.0.1:9100", forwardTo: "10.0.0.9:9100" }
      - { id: till-5-nfc, type: nfc, reader: "ACS" }
IDENTITY
uplink: { url: "mqtt://127.0.0.1:1", username: shop, PASSWORD }
`;

function configOf(identity: string, password: string) {
  const text = file.replace("IDENTITY", identity).replace(", PASSWORD", password);
  const env = { KEY: "ab".repeat(32), PASS: "s3cret" };
  const loaded = loadConfig(text, { env, readSecretFile: () => "", base: "/shop" });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  return loaded.config;
}

test("hands the whole configuration, the secrets and the profiles over", () => {
  const config = configOf("identity: { regionKeyEnv: KEY }", ", passwordEnv: PASS");
  const profiles = readProfiles().map((profile) => profile.source);
  const arrived = decodeHandOver(encodeHandOver({ config, profiles }));
  expect(arrived.config.identity.regionKey?.reveal()).toBe("ab".repeat(32));
  expect(arrived.config.uplink.password?.reveal()).toBe("s3cret");
  expect(arrived.config.uplink.password?.origin).toEqual({ kind: "env", name: "PASS" });
  expect(arrived.profiles).toEqual(profiles);
  expect({ ...arrived.config, identity: 0, uplink: 0 }).toEqual({ ...config, identity: 0, uplink: 0 });
});

test("what arrives does not show its secrets", () => {
  const config = configOf("identity: { regionKeyEnv: KEY }", ", passwordEnv: PASS");
  const arrived = decodeHandOver(encodeHandOver({ config, profiles: [] }));
  expect(JSON.stringify(arrived)).not.toContain("s3cret");
  expect(JSON.stringify(arrived)).not.toContain("abab");
});

test("a configuration without secrets arrives without secrets", () => {
  const config = configOf("", "");
  const arrived = decodeHandOver(encodeHandOver({ config, profiles: [] }));
  expect(arrived.config).toEqual(config);
  expect(arrived.config.identity).not.toHaveProperty("regionKey");
  expect(arrived.config.uplink).not.toHaveProperty("password");
});
