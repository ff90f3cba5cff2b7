import { ErrorWithReasonCode } from "mqtt";
import { describe, expect, it } from "vitest";
import { StoreloopError } from "../../../agent/core/errors.ts";
import { connectionFailure } from "../../../sync/connection-failure.ts";

const systemError = (code: string): Error => Object.assign(new Error(`it said ${code}`), { code });

describe("a connection that could not be made", () => {
  it.each([
    ["nobody listens", systemError("ECONNREFUSED"), "SYNC_BROKER_UNREACHABLE", false],
    ["the name is unknown", systemError("ENOTFOUND"), "SYNC_BROKER_UNREACHABLE", false],
    ["the certificate is self-signed", systemError("DEPTH_ZERO_SELF_SIGNED_CERT"), "SYNC_BROKER_TLS", false],
    ["the certificate is for another name", systemError("ERR_TLS_CERT_ALTNAME_INVALID"), "SYNC_BROKER_TLS", false],
    ["the password is wrong, in MQTT 5", new ErrorWithReasonCode("refused", 0x86), "SYNC_BROKER_REFUSED", false],
    ["the version is refused, in 3.1.1 words", new ErrorWithReasonCode("refused", 1), "SYNC_BROKER_REFUSED", true],
    ["the version is refused, in MQTT 5 words", new ErrorWithReasonCode("refused", 0x84), "SYNC_BROKER_REFUSED", true],
    ["the broker just hangs up", new Error("the connection was closed"), "SYNC_BROKER_UNREACHABLE", true],
    ["the line broke during set-up", new StoreloopError("SYNC_BROKER_LOST", "gone"), "SYNC_BROKER_LOST", false],
  ])("because %s has its own code", (_, error, code, versionRefused) => {
    expect(connectionFailure(error, "5")).toMatchObject({ code, versionRefused });
  });

  it("never blames the version when it was the old one", () => {
    expect(connectionFailure(new Error("closed"), "3.1.1").versionRefused).toBe(false);
  });
});
