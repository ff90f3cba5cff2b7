import { Command, Option } from "commander";
import { destination, pino } from "pino";
import { startEmbeddedBroker } from "./embedded-broker.ts";
import { migrateWhenThere, openDatabase } from "./open-database.ts";
import { pause } from "./pause.ts";
import { ReceiverError } from "./receiver-error.ts";
import type { ReceiverLogger } from "./receiver-logger.ts";
import { runReceiver } from "./receiver.ts";
import { defaultSocketPath, settings, type RunFlags, type Settings } from "./settings.ts";
import { asObjects, showTable } from "./show-table.ts";
import { askSql, serveSql } from "./sql-socket.ts";

const program = new Command("receiver")
  .description("The cloud end of storeloop: takes what agents ship and stores it in PostgreSQL.")
  .showHelpAfterError();

program
  .command("run")
  .description("Receive until stopped. Prints one JSON line on stdout when ready; logs go to stderr.")
  .option("--broker <url>", "mqtt://host:port or mqtts://host:port")
  .option("--embedded-broker <host:port>", "run an MQTT 3.1.1 broker too, and use it unless --broker says otherwise")
  .option("--database <address>", "postgres://... or pglite:FOLDER; DATABASE_URL, else pglite:.storeloop/cloud")
  .option("--socket <path>", "where `receiver sql` asks", defaultSocketPath)
  .option("--topic-prefix <prefix>", "first levels of every topic (storeloop/v1)")
  .option("--ca-file <path>", "PEM of the authority that signed the broker's certificate")
  .addOption(
    new Option("--log-level <level>", "what to log").choices(["debug", "info", "warn", "error"]).default("info"),
  )
  .addHelpText("after", "\nSecrets: DATABASE_URL, MQTT_USERNAME, MQTT_PASSWORD, or each with _FILE naming a file.")
  .action(run);

program
  .command("sql")
  .description("Ask a running receiver's database one read-only question.")
  .argument("<statement>")
  .option("--socket <path>", "the socket of the running receiver", defaultSocketPath)
  .option("--json", "an array of objects instead of a table")
  .action(async (statement: string, { socket, json }: { socket: string; json?: true }) => {
    const table = await askSql(socket, statement);
    process.stdout.write(`${json === true ? JSON.stringify(asObjects(table)) : showTable(table)}\n`);
  });

async function run(flags: RunFlags): Promise<void> {
  const chosen = settings(flags, process.env);
  const logger = pino({ level: chosen.logLevel, base: null }, destination({ dest: 2, sync: true }));
  const stopped = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopped.abort());
  try {
    await receive(chosen, logger, stopped.signal);
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
  }
}

async function receive(chosen: Settings, logger: ReceiverLogger, signal: AbortSignal): Promise<void> {
  await using database = await openDatabase(chosen.databaseAddress);
  await migrateWhenThere(database, logger, pause, signal);
  await using _socket = await serveSql(chosen.socketPath, database);
  await using broker = chosen.embeddedBroker === undefined ? null : await startEmbeddedBroker(chosen.embeddedBroker);
  const brokerUrl = chosen.brokerUrl ?? broker?.url ?? "";
  const { topicPrefix, username, password, ca, socketPath } = chosen;
  let told = false;
  const onSubscribed = (): void => {
    if (told) return;
    told = true;
    const ready = { ready: true, pid: process.pid, broker: brokerUrl, database: database.kind, socket: socketPath };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  };
  await runReceiver(
    {
      brokerUrl,
      database,
      logger,
      onSubscribed,
      ...(topicPrefix !== undefined && { topicPrefix }),
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
      ...(ca !== undefined && { ca }),
    },
    signal,
  );
}

try {
  await program.parseAsync();
} catch (error) {
  const known = error instanceof ReceiverError ? ` (${error.code}) ${error.hint}` : "";
  process.stderr.write(`receiver: ${error instanceof Error ? error.message : String(error)}${known}\n`);
  process.exitCode = error instanceof ReceiverError && error.code === "RECEIVER_USAGE" ? 2 : 1;
}
