import { ingestRates } from "./ingest.ts";

/** Measures in a process of its own below the folder named and prints the rates: the flags it is started with are what is measured. */
process.stdout.write(JSON.stringify(await ingestRates(process.argv[2] ?? ".", 9)));
