import type { ChainCheck, Receipt } from "../control/control-source.ts";
import type { Locale } from "../core/errors.ts";
import type { FileFault } from "../core/file-fault.ts";
import type { ReplayReport, ReplayRequest } from "../core/replay.ts";
import type { CardService, FoundDevice } from "./found-device.ts";
import type { ProfileOperations } from "./profile-operations.ts";
import type { Paper, PaperPage } from "../core/paper.ts";
import type { Transaction } from "../core/transaction.ts";
import type { Text } from "./text.ts";

/** A TCP endpoint as configured. */
export interface CliEndpoint {
  readonly host: string;
  readonly port: number;
}

/** What the command line reads of a configured device; `doctor` knows these types and passes over others. */
export type CliDevice =
  | ({
      readonly id: string;
      readonly type: "printer-tcp";
      readonly listen: CliEndpoint;
      readonly forwardTo?: CliEndpoint;
    } & CliPrintLine)
  | ({
      readonly id: string;
      readonly type: "printer-serial";
      readonly path: string;
      readonly forwardTo?: string;
    } & CliPrintLine)
  | ({ readonly id: string; readonly type: "print-folder"; readonly path: string } & CliPrintLine)
  | CliReader
  | CliHid;

/** How the bytes of a print line are read. */
interface CliPrintLine {
  readonly profile: string;
  readonly charset?: string;
}

/** A contactless reader as configured. */
export interface CliReader {
  readonly id: string;
  readonly type: "nfc";
  readonly reader: string;
  readonly serial?: string;
}

/** A scanner or stripe reader as configured: what is given must fit. */
export interface CliHid {
  readonly id: string;
  readonly type: "hid";
  readonly vendorId?: string;
  readonly productId?: string;
  readonly serial?: string;
  readonly path?: string;
}

/** A Bluetooth radio as configured: an adapter of the kernel, by its number or its own address, or a controller on the serial port `path`. */
export interface CliRadio {
  readonly id: string;
  readonly type: "ble";
  readonly adapter: number;
  readonly address?: string;
  readonly path?: string;
}

/** The part of the configuration the command line reads. The real one has more; its type stays with whoever supplies it. */
export interface CliConfig {
  readonly agent: { readonly dataDir: string; readonly locale?: Locale; readonly profilesDir?: string };
  readonly lanes: readonly { readonly id: string; readonly devices: readonly CliDevice[] }[];
  readonly zones: readonly { readonly devices: readonly CliRadio[] }[];
  readonly uplink: { readonly url: string; readonly caFile?: string };
}

/** One fault of a configuration file, as it is shown; its path is e.g. `lanes[0].devices[1].listen`. */
export type CliConfigFault = Omit<FileFault, "file">;

/** Which file was read and why. */
export interface CliConfigSource {
  readonly path: string;
  readonly chosenBy: "flag" | "env" | "default" | "embedded";
}

/** What came of looking for, reading and checking the configuration. */
export type LoadedConfig<C extends CliConfig> =
  | {
      readonly state: "ok";
      readonly config: C;
      readonly source: CliConfigSource;
      /** The line and column in the file of the value at a path, counted from 1. */
      readonly placeOf: (path: readonly (string | number)[]) => { readonly line: number; readonly column: number };
      /** The effective configuration as YAML: secrets redacted, defaults marked. */
      readonly shown: string;
      /** The same as a plain value for `--json`, secrets redacted. */
      readonly effective: unknown;
      /** Paths of the values that are defaults, e.g. `agent.logLevel`. */
      readonly defaulted: readonly string[];
    }
  | { readonly state: "invalid"; readonly source: CliConfigSource; readonly faults: readonly CliConfigFault[] }
  | { readonly state: "unreadable"; readonly source: CliConfigSource; readonly detail: Text };

/** How `receipts decode` should read a file. */
export interface DecodeOptions {
  /** Name of a POS profile, `auto` or `none`. */
  readonly profile: string;
  /** Encoding until the bytes select one. */
  readonly charset?: string;
  /** Whether member numbers are given in full. */
  readonly reveal: boolean;
  /** Folder of the store's own profiles. */
  readonly profilesDir?: string;
}

/** A slip of a capture and what it looks like. Card numbers and member numbers are masked in both. */
export interface DrawnSlip {
  readonly slip: Transaction & { readonly startOffset: number; readonly endOffset: number };
  readonly paper: Paper;
}

/**
 * What the command line does through others. The composition root supplies it, so that no command opens a database, a device or a
 * configuration schema itself. Failures are thrown as storeloop errors.
 */
export interface Operations<C extends CliConfig> {
  /** Version of the program. */
  readonly version: string;
  /** Where this machine's `/sys`, `/dev`, `/proc`, `/run`, `/etc` and `/usr` begin: `/`, but in a test. */
  readonly root: string;
  /** Everything plugged into this machine that storeloop could use. Opens nothing; never rejects. */
  foundDevices(): Promise<readonly FoundDevice[]>;
  /** How the smart card service of this machine is doing. Never rejects. */
  cardService(signal: AbortSignal): Promise<CardService>;
  /** Looks up and checks the configuration; `flag` is the value of `--config`. Never throws for what is in the file. */
  loadConfig(flag: string | undefined): LoadedConfig<C>;
  /** Runs the daemon until the signal is aborted and everything is closed. */
  run(config: C, signal: AbortSignal): Promise<void>;
  /** Checks the chain of a ledger no daemon has open. `absent`: there is no ledger yet. Throws `LEDGER_LOCKED` when one has. */
  verifyLedger(config: C, signal: AbortSignal): Promise<ChainCheck | { readonly state: "absent" }>;
  readonly profiles: ProfileOperations;
  /** Whether a name means a charset that print bytes can be read with. */
  isCharset(name: string): Promise<boolean>;
  /** The profiles a replay reads with, all checked; `profile` is the name of the one wanted. Throws `PROFILE_*`. */
  replayProfiles(
    wanted: string | undefined,
    profilesDir: string | undefined,
  ): Promise<{ readonly profiles: readonly unknown[]; readonly profile?: string }>;
  /** Replays a ledger no daemon has open. Throws `LEDGER_*`. */
  replayClosed(config: C, request: ReplayRequest, signal: AbortSignal): Promise<ReplayReport>;
  /** Decodes a capture: one plain JSON-able object a segment, in order. Throws when the profile does not exist. */
  decodeFile(bytes: Uint8Array, options: DecodeOptions): Promise<readonly object[]>;
  /** Draws each slip of a capture. Throws when the profile does not exist. */
  drawFile(bytes: Uint8Array, options: DecodeOptions): Promise<readonly DrawnSlip[]>;
  /** Draws a recorded receipt from what was kept of its bytes, or from its lines when nothing was. Masked like {@link DrawnSlip}. */
  drawReceipt(receipt: Receipt, bytes: Uint8Array, config: C): Promise<Paper>;
  /** A page as one HTML file. */
  htmlPage(page: PaperPage): Promise<string>;
}
