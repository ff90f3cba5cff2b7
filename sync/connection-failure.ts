import type { ErrorCode } from "../agent/core/error-catalogue.ts";
import { StoreloopError } from "../agent/core/errors.ts";
import type { MqttVersion } from "./mqtt-connection.ts";

/** Why a connection could not be made. */
export interface ConnectionFailure {
  readonly code: ErrorCode;
  readonly detail: string;
  /** Whether the broker may take another version of MQTT. */
  readonly versionRefused: boolean;
}

/** CONNACK codes that mean "not this version": 3.1.1 section 3.2.2.3 code 1, 5.0 section 3.2.2.2 code 0x84. */
const versionCodes: readonly unknown[] = [1, 0x84];

const tlsCode = /^ERR_(TLS|SSL)|CERT|SIGNED|UNABLE_TO_|EPROTO/;

/** Reads what mqtt.js reported when a connection attempt with a version failed. */
export function connectionFailure(error: unknown, version: MqttVersion): ConnectionFailure {
  const detail = error instanceof Error ? error.message || error.name : String(error);
  if (error instanceof StoreloopError) return { code: error.code, detail, versionRefused: false };
  const code: unknown = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (typeof code === "number") {
    return { code: "SYNC_BROKER_REFUSED", detail, versionRefused: version === "5" && versionCodes.includes(code) };
  }
  if (typeof code === "string") {
    const isTls = tlsCode.test(code);
    return { code: isTls ? "SYNC_BROKER_TLS" : "SYNC_BROKER_UNREACHABLE", detail, versionRefused: false };
  }
  // Some old brokers hang up on a version they do not know.
  return { code: "SYNC_BROKER_UNREACHABLE", detail, versionRefused: version === "5" };
}
