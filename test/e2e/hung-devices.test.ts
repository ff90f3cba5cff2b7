import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { ControlClient } from "../../agent/control/control-client.ts";
import { catalogue, type ErrorCode } from "../../agent/core/error-catalogue.ts";
import { FarEnd } from "../support/far-end.ts";
import { percentile, show, spread } from "../support/figures.ts";
import {
  driverLibraries,
  downWith,
  missingForFullStore,
  openFullStore,
  printed,
  tap,
  upAgain,
  type FullStore,
} from "../support/full-store.ts";
import { cablePid, childWith } from "../support/process-tree.ts";
import { slip } from "../support/slip.ts";
import { TempFolder } from "../support/temp-folder.ts";
import { until } from "../support/until.ts";

const missing = missingForFullStore();
const skipped = missing === undefined ? "" : ` (skipped: ${missing})`;
const never = new AbortController().signal;

/** Who hangs, and what a technician is told of it. */
const culprits: Readonly<Record<string, ErrorCode>> = {
  "nfc-1": "NFC_PCSCD_HUNG",
  "nfc-2": "NFC_PCSCD_HUNG",
  scanner: "HID_DEVICE_FAILED",
  "radio-1": "BLE_SCAN_STALLED",
  "till-9-printer": "SERIAL_PRINTER_BLOCKED",
};

let lastNumber = 0;
const nextNumber = (): string => String((lastNumber += 1)).padStart(6, "0");

/** How long receipts take to be durable, and `status` to be answered, each so many times. */
async function measured(store: FullStore, times: number) {
  const receiptsMs: number[] = [];
  const statusMs: number[] = [];
  for (let time = 0; time < times; time += 1) {
    receiptsMs.push(await printed(store, nextNumber()));
    const askedMs = performance.now();
    await new ControlClient(store.daemon.dataDir).status(never);
    statusMs.push(performance.now() - askedMs);
    await delay(40);
  }
  return { receiptsMs, statusMs };
}

/** Text as it is without its line breaks. */
const unwrapped = (text: string): string => text.replaceAll(/\s/g, "");

/** What is said of a device that is down: its line and those below it up to the next mark. */
function adviceOn(deviceId: string, shown: string): string {
  const parts = shown.split(/^(?=[✓✗!·])/m);
  return unwrapped(parts.find((part) => part.startsWith(`✗ ${deviceId}`)) ?? "");
}

/** Stops a process; what it answers lets it go on. */
function stopped(pid: number | undefined): () => void {
  if (pid === undefined) throw new Error("the process to be stopped is not there");
  process.kill(pid, "SIGSTOP");
  return () => void process.kill(pid, "SIGCONT");
}

describe.skipIf(missing !== undefined)(`a store in which everything that can hang hangs at once${skipped}`, () => {
  it("records receipts as fast as ever, answers at once, and names each culprit with its remedy in both languages", async () => {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(new TempFolder());
    const pos = stack.use(await FarEnd.at(folder, "pos-9"));
    const printer = stack.use(await FarEnd.at(folder, "printer-9"));
    await Promise.all([pos.cable.plug(), printer.cable.plug()]);
    const ports = `path: "${pos.portPath}", forwardTo: "${printer.portPath}", baudRate: 115200`;
    const lanes = `  - { id: "09", devices: [{ id: till-9-printer, type: printer-serial, ${ports} }] }`;
    const store = await openFullStore(stack, { lanes });
    const { daemon } = store;
    await measured(store, 3);
    const well = await measured(store, 40);

    // pcscd; a radio that does not answer the process that opens it; a printer that takes no more; a scanner that does not open.
    const goOn = [stopped(store.pcscd.pid), stopped(cablePid(printer.portPath)), stopped(store.hid.pid)];
    stack.defer(() => {
      for (const go of goOn) go();
    });
    store.controller.mood = "stalled";
    process.kill(childWith(daemon.pid, driverLibraries.ble) ?? 0, "SIGKILL");
    await pos.say(Buffer.alloc(30_000, 0x41));
    // A process of scanners that hangs is replaced; the scanner hangs all the same.
    const hidChild = childWith(daemon.pid, driverLibraries.hid);
    stopped(hidChild);
    const hung = await measured(store, 200);
    await Promise.all(Object.entries(culprits).map(([deviceId, code]) => downWith(daemon, deviceId, code)));
    const named = await measured(store, 40);

    const command = await daemon.command("status");
    expect(command.tookMs).toBeLessThan(3_000);
    const asked: Record<string, number> = { status: command.tookMs };
    for (const language of ["en", "zh-CN"] as const) {
      for (const words of [["doctor"], ["devices"]]) {
        const { code, stdout, tookMs } = await daemon.command("--lang", language, ...words);
        asked[`${words.join()} ${language}`] = tookMs;
        expect(code).toBe(1);
        expect(tookMs).toBeLessThan(15_000);
        for (const [deviceId, culprit] of Object.entries(culprits)) {
          expect(adviceOn(deviceId, stdout), `${deviceId} in ${stdout}`).toContain(
            unwrapped(catalogue[culprit][language]),
          );
        }
      }
    }
    const times = (of: typeof well) => ({ receipts: spread(of.receiptsMs), status: spread(of.statusMs) });
    show("hung devices", { well: times(well), hung: times(hung), named: times(named), asked });
    for (const { receiptsMs, statusMs } of [hung, named]) {
      expect(percentile(receiptsMs, 0.5)).toBeLessThan(Math.max(2 * percentile(well.receiptsMs, 0.5), 20));
      expect(Math.max(...receiptsMs)).toBeLessThan(1_000);
      expect(Math.max(...statusMs)).toBeLessThan(1_000);
    }
    // The line beside it is nobody's culprit.
    expect(await store.pos.print(slip(nextNumber()), never)).toBe("confirmed");

    const goneOnMs = Date.now();
    for (const go of goOn.splice(0)) go();
    store.controller.mood = "well";
    await upAgain(daemon, ["nfc-1", "nfc-2", "scanner", "till-9-printer"], goneOnMs);
    await until(() => printer.received.length === 30_000, { what: "the paper" });
    expect(await tap("04A1B2C3D4E5F6")).toEqual({ status: "accepted" });
    await store.scanner.scan("2900000000018", "]E0");
    await until(() => store.feed.count("touch") === 2, { what: "tap and scan" });
  }, 120_000);
});
