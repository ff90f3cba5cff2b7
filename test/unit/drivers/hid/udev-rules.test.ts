import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { matchesGlob } from "node:path";
import { describe, expect, it } from "vitest";
import { scannerDescriptor } from "../../../../drivers/hid/virtual/scanner-writer.ts";
import { vendorLayout } from "../../../../drivers/hid/vendor-layouts.ts";
import {
  displayDescriptor,
  keyboardDescriptor,
  scaleDescriptor,
  stripeDescriptor,
} from "../../../support/hid-devices.ts";
import { TempFolder } from "../../../support/temp-folder.ts";

const text = readFileSync(new URL("../../../../config/udev/60-storeloop.rules", import.meta.url), "utf8");
const rules = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

/** The value of a key in a rule. */
function valueOf(rule: string, key: string): string | undefined {
  const pairs = rule.matchAll(/(?<key>[A-Z_]+(?:\{[^}]+\})?)(?:[=!]=|\+?=)"(?<value>[^"]*)"/g);
  return [...pairs].find(({ groups }) => groups?.["key"] === key)?.groups?.["value"];
}

describe("the udev rules that come with storeloop", () => {
  it("are pairs of key and value all through", () => {
    const pair = /[A-Z_]+(?:\{[^}"]+\})?(?:==|!=|=|\+=)"[^"]*"/;
    const rule = new RegExp(`^${pair.source}(?:, ${pair.source})*$`);
    expect(rules.length).toBeGreaterThan(5);
    expect(rules.filter((line) => !rule.test(line))).toEqual([]);
  });

  it("give the service every scanner and stripe reader by its descriptor, and no keyboard, scale or display", () => {
    using folder = new TempFolder();
    const rule = rules.find((line) => line.includes("PROGRAM="))!;
    const [command = "", ...words] = valueOf(rule, "PROGRAM")!.split(" ");
    const patterns = valueOf(rule, "RESULT")!.split("|");
    const isGiven = (descriptor: Uint8Array): boolean => {
      const file = folder.file("report_descriptor");
      writeFileSync(file, descriptor);
      const shown = words.map((word) => (word.startsWith("/sys%p") ? file : word));
      const result = execFileSync(command, shown, { encoding: "utf8" }).trimEnd();
      return patterns.some((pattern) => matchesGlob(result, pattern));
    };
    expect([scannerDescriptor, stripeDescriptor].map(isGiven)).toEqual([true, true]);
    expect([keyboardDescriptor, scaleDescriptor, displayDescriptor].map(isGiven)).toEqual([false, false, false]);
  });

  it("name every maker whose devices are read in a way of their own", () => {
    const named = rules
      .filter((line) => line.includes('"hidraw"'))
      .flatMap((line) => valueOf(line, "ATTRS{idVendor}")?.split("|") ?? [])
      .map((id) => Number.parseInt(id, 16));
    const known = Array.from({ length: 0x1_0000 }, (_, id) => id).filter((id) => vendorLayout(id) !== undefined);
    expect(known.length).toBeGreaterThan(0);
    expect(known.filter((id) => !named.includes(id))).toEqual([]);
  });
});
