import { InvalidArgumentError, Option, type Command } from "commander";
import type { SimulateRequest } from "../core/simulate.ts";
import { devicesCommand } from "./device-commands.ts";
import { devicesIdentifyCommand, devicesTestCommand, type DeviceWaitOptions } from "./device-test-command.ts";
import { devicesFoundCommand } from "./devices-found-command.ts";
import { deviceHelpWords as words } from "./device-help-words.ts";
import type { ProgramParts } from "./program-parts.ts";
import { simulateCommand, simulateReceiptCommand, type SimulateReceiptOptions } from "./simulate-commands.ts";
import { text, type Text } from "./text.ts";

const number = (least: number, most: number, say: (words: Text) => string) => (value: string) => {
  const given = Number(value);
  if (!Number.isInteger(given) || given < least || given > most)
    throw new InvalidArgumentError(say(wholeNumber(least, most)));
  return given;
};

const wholeNumber = (least: number, most: number): Text =>
  text(`须为 ${least} 到 ${most} 的整数`, `a whole number from ${least} to ${most} is wanted`);

/** Adds the commands below `storeloop devices`. */
export function addDeviceCommands(devices: Command, { perform, locale }: ProgramParts): void {
  const say = (words: Text): string => words[locale];
  const seconds = (most: number): Option =>
    new Option("--seconds <n>", say(words.seconds)).argParser(number(1, 3600, say)).default(most);
  devices.action((_options: unknown, self: Command) => perform(self.optsWithGlobals(), devicesCommand));
  devices
    .command("found")
    .description(say(words.devicesFound))
    .action((_options: unknown, self: Command) => perform(self.optsWithGlobals(), devicesFoundCommand));
  devices
    .command("test [device]")
    .description(say(words.devicesTest))
    .addOption(seconds(30))
    .action((device: string | undefined, options: DeviceWaitOptions, self: Command) =>
      perform(self.optsWithGlobals(), (invocation) => devicesTestCommand(invocation, device, options)),
    );
  devices
    .command("identify <device>")
    .description(say(words.devicesIdentify))
    .addOption(seconds(60))
    .action((device: string, options: DeviceWaitOptions, self: Command) =>
      perform(self.optsWithGlobals(), (invocation) => devicesIdentifyCommand(invocation, device, options)),
    );
}

interface NfcOptions {
  readonly lane?: string;
  readonly uid?: string;
  readonly uri?: string;
}

interface BleOptions {
  readonly zone?: string;
  readonly beacon?: string;
  readonly rssi: number;
  readonly seconds: number;
}

/** Adds the commands below `storeloop simulate`. */
export function addSimulateCommands(simulate: Command, parts: ProgramParts): void {
  const say = (words: Text): string => words[parts.locale];
  const play = (self: Command, request: SimulateRequest): Promise<void> =>
    parts.perform(self.optsWithGlobals(), (invocation) => simulateCommand(invocation, request));
  simulate
    .command("nfc")
    .description(say(words.simulateNfc))
    .option("--lane <id>", say(words.simulateLane))
    .option("--uid <hex>", say(words.uid))
    .option("--uri <uri>", say(words.uri))
    .action(({ lane, uid, uri }: NfcOptions, self: Command) =>
      play(self, { kind: "nfc", ...(lane && { laneId: lane }), ...(uid && { uid }), ...(uri && { uri }) }),
    );
  simulate
    .command("scan <code>")
    .description(say(words.simulateScan))
    .option("--lane <id>", say(words.simulateLane))
    .action((code: string, { lane }: NfcOptions, self: Command) =>
      play(self, { kind: "scan", code, ...(lane && { laneId: lane }) }),
    );
  simulate
    .command("receipt [file]")
    .description(say(words.simulateReceipt))
    .option("--lane <id>", say(words.simulateLane))
    .action((file: string | undefined, options: SimulateReceiptOptions, self: Command) =>
      parts.perform(self.optsWithGlobals(), (invocation) => simulateReceiptCommand(invocation, file, options)),
    );
  addBle(simulate, say, play);
}

function addBle(
  simulate: Command,
  say: (words: Text) => string,
  play: (self: Command, request: SimulateRequest) => Promise<void>,
): void {
  simulate
    .command("ble")
    .description(say(words.simulateBle))
    .option("--zone <id>", say(words.zone))
    .option("--beacon <id>", say(words.beacon))
    .addOption(new Option("--rssi <dBm>", say(words.rssi)).argParser(number(-120, 0, say)).default(-55))
    .addOption(new Option("--seconds <n>", say(words.heardFor)).argParser(number(1, 600, say)).default(5))
    .action(({ zone, beacon, rssi, seconds }: BleOptions, self: Command) =>
      play(self, {
        kind: "ble",
        rssiDbm: rssi,
        seconds,
        ...(zone && { zoneId: zone }),
        ...(beacon && { beaconId: beacon }),
      }),
    );
}
