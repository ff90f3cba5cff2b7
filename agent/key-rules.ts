import type { Config } from "../config/config.ts";
import type { KeyRules } from "./identity/credential-judge.ts";

/** Which wallet passes prove no more than the number they carry, and which tags are asked to prove more than their message does. */
export function keyRules({ nfc: { order, ntag424, vas, smartTap } }: Config): KeyRules {
  const passes = [...vas, ...(smartTap === undefined ? [] : [smartTap])];
  // Where the plain message is looked for first, a tag is never asked for more.
  const [first] = order.filter((name) => name === "ntag424" || name === "ndef");
  const asked = first === "ntag424" ? ntag424.filter(({ authKey }) => authKey !== undefined) : [];
  return {
    numbered: new Set(passes.filter(({ carries }) => carries === "member-number").map(({ name }) => name)),
    authenticating: new Set(asked.map(({ name }) => name)),
  };
}
