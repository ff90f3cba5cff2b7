import { join } from "node:path";
import { Command, Option } from "commander";

/** What `npm start` was told. */
export interface StageOptions {
  /** Play one morning, print the summary and end. */
  readonly once: boolean;
  /** Folder for everything the stage keeps. The default one is where the embedded configuration points. */
  readonly state: string;
  /** Address of a broker to use; none: an embedded one. */
  readonly broker: string | undefined;
  /** Address of a PostgreSQL to use; none: PGlite. */
  readonly database: string | undefined;
  /** Port that the virtual TCP printer listens on. */
  readonly printPort: number;
  /** Port of the embedded broker. */
  readonly brokerPort: number;
  /** MQTT version the agent speaks. */
  readonly mqtt: "auto" | "5" | "3.1.1";
  readonly seed: number;
  /** Whether shoppers tap. */
  readonly nfc: boolean;
  /** Only lines that a program reads: the summary. */
  readonly quiet: boolean;
}

/** The checkout. */
export const root = join(import.meta.dirname, "../..");

/** Where the embedded configuration (config/demo.yaml) keeps its state. */
const defaultState = join(root, ".storeloop");

/** Reads the command line; prints help or what is wrong with it, and ends the process with 0 or 2 then. */
export function stageOptions(argv: readonly string[]): StageOptions {
  const program = new Command("npm start --")
    .description(
      "Runs the whole loop on this machine: an MQTT broker, the receiver with its database, the agent, and a virtual store that plays a busy morning over real interfaces. Goes on running afterwards, so that you can print to 127.0.0.1:9100 yourself.",
    )
    .option("--once", "play the morning once, print the summary as one JSON object in the last line, and end", false)
    .option("--state <folder>", "where everything is kept", defaultState)
    .option("--broker <url>", "use this MQTT broker instead of an embedded one")
    .option("--database <url>", "use this PostgreSQL instead of an embedded one (DATABASE_URL works too)")
    .option("--no-nfc", "play without taps")
    .option("--quiet", "print nothing but the summary", false)
    .addOption(new Option("--print-port <port>", "port of the TCP printer").default(9100).argParser(Number))
    .addOption(new Option("--broker-port <port>", "port of the embedded broker").default(1883).argParser(Number))
    .addOption(new Option("--mqtt <version>", "MQTT version").choices(["auto", "5", "3.1.1"]).default("auto"))
    .addOption(new Option("--seed <number>", "which morning").default(1).argParser(Number))
    .addHelpText(
      "after",
      "\nExit status: 0 all that was played is in the cloud, once, and every tap linked; 1 otherwise; 2 usage.",
    )
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  program.parse([...argv], { from: "user" });
  const given: Omit<StageOptions, "database"> & { database?: string } = program.opts();
  return { ...given, database: given.database ?? process.env["DATABASE_URL"] };
}
