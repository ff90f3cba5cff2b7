import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { baseRoot, copyRoot } from "./base-root.ts";
import { contextNames, parseDockerfile } from "./dockerfile.ts";
import { Stage } from "./stage.ts";
import { tryDaemon } from "./try-daemon.ts";

const checkout = join(import.meta.dirname, "../..");

/** Builds every stage of the Dockerfile below `folder` and gives the last one. */
function build(folder: string): Stage {
  const stages = new Map<string, Stage>();
  const names = contextNames(readFileSync(join(checkout, ".dockerignore"), "utf8"));
  let current: Stage | undefined;
  for (const instruction of parseDockerfile(readFileSync(join(checkout, "Dockerfile"), "utf8"))) {
    const began = Date.now();
    if (instruction.keyword === "FROM") {
      const [image = "", , name = `stage-${stages.size}`] = instruction.text.split(/\s+/);
      current = new Stage(join(folder, name));
      stages.set(name, current);
      copyRoot(baseRoot(image, checkout), current.root);
    } else if (current === undefined) {
      throw new Error(`Dockerfile:${instruction.line}: nothing may stand before FROM`);
    } else {
      current.apply(instruction, { folder: checkout, names, stages });
    }
    const seconds = ((Date.now() - began) / 1000).toFixed(1).padStart(6);
    console.log(`check-image: ok ${seconds} s  ${instruction.keyword} ${instruction.text.slice(0, 100)}`);
  }
  if (current === undefined) throw new Error("the Dockerfile has no FROM");
  return current;
}

const folder = mkdtempSync(join(tmpdir(), "storeloop-image-"));
try {
  const image = build(folder);
  await tryDaemon(image);
  console.log("check-image: all steps held. Not tried: a real Docker engine, its volumes, devices and networks.");
} catch (error) {
  console.error(`check-image: FAILED: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
} finally {
  if (process.argv.includes("--keep")) console.log(`check-image: the roots are kept in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
}
