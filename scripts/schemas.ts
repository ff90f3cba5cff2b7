import { mkdirSync, writeFileSync } from "node:fs";
import { publishedSchemas } from "../agent/published-schemas.ts";

/** Writes docs/schemas from the code. Run it after a change of a schema: `scripts/node scripts/schemas.ts`. A test compares. */
const folder = new URL("../docs/schemas/", import.meta.url);

mkdirSync(folder, { recursive: true });
for (const { file, schema } of publishedSchemas()) {
  writeFileSync(new URL(file, folder), `${JSON.stringify(schema, null, 2)}\n`);
}
