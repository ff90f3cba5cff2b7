import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { settings } from "../../../../sync/receiver/settings.ts";
import { TempFolder } from "../../../support/temp-folder.ts";

const broker = { broker: "mqtt://broker:1883" };

describe("the receiver's settings", () => {
  it("default to PGlite and the socket in the checkout", () => {
    expect(settings(broker, {})).toMatchObject({
      brokerUrl: "mqtt://broker:1883",
      databaseAddress: expect.stringMatching(/^pglite:\/.*\/\.storeloop\/cloud$/) as string,
      socketPath: expect.stringMatching(/\/\.storeloop\/cloud\.sock$/) as string,
    });
  });

  it("take the database from the environment, and from the command line before that", () => {
    const environment = { DATABASE_URL: "postgres://u:p@db/x" };
    expect(settings(broker, environment).databaseAddress).toBe("postgres://u:p@db/x");
    expect(settings({ ...broker, database: "pglite:/d" }, environment).databaseAddress).toBe("pglite:/d");
  });

  it("read secrets from files, without the line feed an editor leaves", () => {
    using folder = new TempFolder();
    writeFileSync(folder.file("password"), "top secret\n");
    const environment = { MQTT_USERNAME: "receiver", MQTT_PASSWORD_FILE: folder.file("password") };
    expect(settings(broker, environment)).toMatchObject({ username: "receiver", password: "top secret" });
  });

  it("say which file cannot be read", () => {
    const broken = () => settings(broker, { MQTT_PASSWORD_FILE: "/nowhere/password" });
    expect(broken).toThrow(expect.objectContaining({ code: "RECEIVER_FILE_UNREADABLE" }) as Error);
  });

  it.each([
    ["a broker with a password", { broker: "mqtt://u:p@broker" }],
    ["a database with a password", { ...broker, database: "postgres://u:p@db/x" }],
    ["no broker at all", {}],
    ["an embedded broker without a port", { embeddedBroker: "127.0.0.1" }],
    ["an embedded broker with a port that cannot be", { embeddedBroker: "127.0.0.1:70000" }],
  ])("refuse %s", (_, flags) => {
    expect(() => settings(flags, {})).toThrow(expect.objectContaining({ code: "RECEIVER_USAGE" }) as Error);
  });

  it.each([
    ["127.0.0.1:1883", { host: "127.0.0.1", port: 1883 }],
    ["[::1]:0", { host: "::1", port: 0 }],
  ])("read %s as where the embedded broker listens", (embeddedBroker, expected) => {
    expect(settings({ embeddedBroker }, {}).embeddedBroker).toEqual(expected);
  });
});
