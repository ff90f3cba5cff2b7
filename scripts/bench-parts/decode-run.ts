import { decodeRates } from "./decode.ts";

/** Measures in a process of its own and prints the rates, so that the flags it is started with are the flags that are measured. */
process.stdout.write(JSON.stringify(await decodeRates(7)));
