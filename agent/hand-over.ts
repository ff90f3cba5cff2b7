import type { Config } from "../config/config.ts";
import { Secret, type SecretOrigin } from "../config/secret.ts";
import type { ProfileSource } from "./receipts/profile-schema.ts";

/** What the daemon is told by files: the configuration and the POS profiles, all checked. */
export interface DaemonSettings {
  readonly config: Config;
  readonly profiles: readonly ProfileSource[];
}

/** A secret in the open, for a pipe between two processes and nothing else. */
interface OpenSecret {
  readonly value: string;
  readonly origin: SecretOrigin;
}

interface HandOver {
  readonly config: Config;
  readonly regionKey: OpenSecret | undefined;
  readonly password: OpenSecret | undefined;
  readonly profiles: readonly ProfileSource[];
}

/** Writes settings as text that holds the secrets in the open: for a pipe, never for a file or a log. */
export function encodeHandOver({ config, profiles }: DaemonSettings): string {
  const handOver: HandOver = {
    config,
    regionKey: opened(config.identity.regionKey),
    password: opened(config.uplink.password),
    profiles,
  };
  return JSON.stringify(handOver);
}

/** Reads what {@link encodeHandOver} wrote. */
export function decodeHandOver(text: string): DaemonSettings {
  const { config, regionKey, password, profiles } = JSON.parse(text) as HandOver;
  return {
    config: {
      ...config,
      identity: { ...config.identity, ...(regionKey && { regionKey: closed(regionKey) }) },
      uplink: { ...config.uplink, ...(password && { password: closed(password) }) },
    },
    profiles,
  };
}

function opened(secret: Secret | undefined): OpenSecret | undefined {
  return secret && { value: secret.reveal(), origin: secret.origin };
}

function closed({ value, origin }: OpenSecret): Secret {
  return new Secret(value, origin);
}
