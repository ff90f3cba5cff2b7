import { presenceFigures } from "./presence-rows.ts";

/**
 * Prints the figures as one JSON object: of storeloop alone, or with `--others` of all rules side by side; with `--tuning` on the seeds
 * that settings were chosen on.
 */
const has = (flag: string): boolean => process.argv.includes(flag);
process.stdout.write(JSON.stringify(presenceFigures(has("--others"), has("--tuning") ? "tuning" : "report")));
