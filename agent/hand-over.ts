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

/** The one key of an object that stands for a secret; no configuration has it. */
const mark = "\0secret";

/** Writes settings as text that holds the secrets in the open: for a pipe, never for a file or a log. */
export function encodeHandOver({ config, profiles }: DaemonSettings): string {
  // Only the configuration holds secrets, and profiles are large.
  return `{"config":${JSON.stringify(opened(config))},"profiles":${JSON.stringify(profiles)}}`;
}

/** Reads what {@link encodeHandOver} wrote. */
export function decodeHandOver(text: string): DaemonSettings {
  const { config, profiles } = JSON.parse(text) as { config: unknown; profiles: readonly ProfileSource[] };
  return { config: closed(config) as Config, profiles };
}

function opened(value: unknown): unknown {
  if (value instanceof Secret) return { [mark]: { value: value.reveal(), origin: value.origin } satisfies OpenSecret };
  return mapped(value, opened);
}

function closed(value: unknown): unknown {
  if (typeof value === "object" && value !== null && mark in value) {
    const secret = value[mark] as OpenSecret;
    return new Secret(secret.value, secret.origin);
  }
  return mapped(value, closed);
}

function mapped(value: unknown, each: (inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(each);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, each(inner)]));
}
