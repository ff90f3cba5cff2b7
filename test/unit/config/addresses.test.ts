import { describe, expect, it } from "vitest";
import { loadConfig } from "../../../config/load-config.ts";

/** The codes of what is wrong with a store whose tills listen there, and hand on to there. */
function codes(...tills: readonly { readonly listen: string; readonly forwardTo?: string }[]): readonly string[] {
  const devices = tills.map(
    ({ listen, forwardTo }, index) =>
      `      - { id: till-${index}, type: printer-tcp, listen: "${listen}"${forwardTo === undefined ? "" : `, forwardTo: "${forwardTo}"`} }`,
  );
  const file = `version: 1
store: { retailStoreId: "0117", timeZone: Asia/Shanghai, currencyCode: CNY }
agent: { id: 0117-a, dataDir: data }
lanes:
  - id: "05"
    devices:
${devices.join("\n")}
uplink: { url: "mqtt://127.0.0.1:1883" }
`;
  const loaded = loadConfig(file, { env: {}, readSecretFile: () => "", base: "/" });
  return loaded.ok ? [] : loaded.faults.map(({ code }) => code);
}

describe("two tills", () => {
  it.each([
    ["10.0.0.1:9100", "10.0.0.1:9100"],
    ["localhost:9100", "127.0.0.1:9100"],
    ["LocalHost:9100", "localhost:9100"],
    ["0.0.0.0:9100", "10.0.0.1:9100"],
    ["10.0.0.1:9100", "[::]:9100"],
    ["[::]:9100", "0.0.0.0:9100"],
  ])("cannot listen at %s and %s, in either order", (one, other) => {
    expect(codes({ listen: one }, { listen: other })).toEqual(["ALREADY_IN_USE"]);
    expect(codes({ listen: other }, { listen: one })).toEqual(["ALREADY_IN_USE"]);
  });

  it.each([
    ["10.0.0.1:9100", "10.0.0.1:9101"],
    ["10.0.0.1:9100", "10.0.0.2:9100"],
    ["0.0.0.0:9100", "10.0.0.1:9101"],
    ["127.0.0.1:9100", "10.0.0.1:9100"],
  ])("can listen at %s and %s", (one, other) => {
    expect(codes({ listen: one }, { listen: other })).toEqual([]);
  });
});

describe("a till", () => {
  it.each([
    ["10.0.0.1:9100", "10.0.0.1:9100"],
    ["127.0.0.1:9100", "localhost:9100"],
    ["0.0.0.0:9100", "127.0.0.1:9100"],
    ["0.0.0.0:9100", "localhost:9100"],
    ["[::]:9100", "[::1]:9100"],
    ["[::]:9100", "127.0.0.1:9100"],
  ])("that listens at %s does not hand on to %s: that is itself", (listen, forwardTo) => {
    expect(codes({ listen, forwardTo })).toEqual(["LOOP"]);
    const [away, elsewhere] = [{ listen, forwardTo: "10.9.9.9:9100" }, "10.0.0.7:9200"];
    expect(codes(away, { listen: elsewhere, forwardTo })).toEqual(["LOOP"]);
  });

  it.each([
    ["0.0.0.0:9100", "10.0.0.9:9100"],
    ["0.0.0.0:9100", "127.0.0.1:9101"],
    ["10.0.0.1:9100", "127.0.0.1:9100"],
    ["10.0.0.1:9100", "10.0.0.1:9101"],
  ])("that listens at %s hands on to %s", (listen, forwardTo) => {
    expect(codes({ listen, forwardTo })).toEqual([]);
  });
});
