import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Runs a full garbage collection at once: what is still there afterwards is held by somebody. */
export function collectGarbage(): void {
  collect();
}
