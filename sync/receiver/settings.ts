import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ReceiverError } from "./receiver-error.ts";

/** What `receiver run` was told on the command line. */
export interface RunFlags {
  readonly broker?: string;
  readonly database?: string;
  readonly embeddedBroker?: string;
  readonly socket?: string;
  readonly topicPrefix?: string;
  readonly caFile?: string;
  readonly logLevel?: string;
}

/** Everything a receiver needs to start. */
export interface Settings {
  readonly brokerUrl: string | undefined;
  readonly embeddedBroker: { readonly host: string; readonly port: number } | undefined;
  readonly databaseAddress: string;
  readonly socketPath: string;
  readonly topicPrefix: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly ca: Buffer | undefined;
  readonly logLevel: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The checkout this file is in. */
const root = join(import.meta.dirname, "../..");

/** Where the SQL socket is when nothing else is said. */
export const defaultSocketPath = join(root, ".storeloop/cloud.sock");

/**
 * Settings from command line and environment. Secrets come from the environment, or from a file it names, because a command line can
 * be read by everyone on the machine: `DATABASE_URL`, `MQTT_USERNAME`, `MQTT_PASSWORD`, each also with `_FILE`.
 *
 * @throws ReceiverError `RECEIVER_USAGE` or `RECEIVER_FILE_UNREADABLE`.
 */
export function settings(flags: RunFlags, environment: Environment): Settings {
  refuseSecret(flags.broker, "--broker", "MQTT_PASSWORD");
  refuseSecret(flags.database, "--database", "DATABASE_URL");
  if (flags.broker === undefined && flags.embeddedBroker === undefined) {
    throw new ReceiverError("RECEIVER_USAGE", "say --broker URL or --embedded-broker HOST:PORT");
  }
  return {
    brokerUrl: flags.broker,
    embeddedBroker: flags.embeddedBroker === undefined ? undefined : hostAndPort(flags.embeddedBroker),
    databaseAddress:
      flags.database ?? secret(environment, "DATABASE_URL") ?? `pglite:${join(root, ".storeloop/cloud")}`,
    socketPath: flags.socket ?? defaultSocketPath,
    topicPrefix: flags.topicPrefix,
    username: secret(environment, "MQTT_USERNAME"),
    password: secret(environment, "MQTT_PASSWORD"),
    ca: flags.caFile === undefined ? undefined : readFile(flags.caFile),
    logLevel: flags.logLevel ?? "info",
  };
}

function refuseSecret(url: string | undefined, flag: string, variable: string): void {
  if (url === undefined || !/^[a-z]+:\/\/[^/@]*:[^/@]*@/i.test(url)) return;
  throw new ReceiverError("RECEIVER_USAGE", `no password in ${flag}: put it into ${variable} or ${variable}_FILE`);
}

function secret(environment: Environment, name: string): string | undefined {
  const file = environment[`${name}_FILE`];
  return file === undefined ? environment[name] : readFile(file).toString("utf8").trimEnd();
}

function readFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new ReceiverError("RECEIVER_FILE_UNREADABLE", `cannot read ${path}`, { cause: error });
  }
}

function hostAndPort(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2] ?? "";
  if (match === null || host === "" || port > 65_535) {
    throw new ReceiverError("RECEIVER_USAGE", `--embedded-broker is HOST:PORT, not ${text}`);
  }
  return { host, port };
}
