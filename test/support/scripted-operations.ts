import type { DecodeOptions, DrawnSlip, Operations } from "../../agent/cli/operations.ts";
import type { ChainCheck, Receipt } from "../../agent/control/control-source.ts";
import type { Paper, PaperPage } from "../../agent/core/paper.ts";
import { foundDevices, type FoundDevice } from "../../agent/found-devices.ts";
import { askPcscd } from "../../agent/pcscd-service.ts";
import type { CardService } from "../../agent/cli/found-device.ts";
import { htmlPage } from "../../agent/paper/page.ts";
import { profileDesk } from "../../agent/profile-desk.ts";
import { drawCapture, drawReceipt } from "../../agent/receipt-drawing.ts";
import type { Config } from "../../config/config.ts";
import { charsetNamed } from "../../drivers/printer/decoder/charset-names.ts";
import { loadConfigFile } from "../../config/load-config-file.ts";

/** The command line's operations over real configuration files, real look-ups and real drawing, with a script in the place of the daemon and the ledger. */
export class ScriptedOperations implements Operations<Config> {
  version = "0.1.0";
  /** A machine with nothing plugged in, unless a test builds one. */
  root = "/nowhere";
  ledger: () => Promise<ChainCheck | { readonly state: "absent" }> = () => Promise.resolve({ state: "absent" });
  segments: readonly object[] = [];
  readonly profiles = profileDesk;
  readonly isCharset = (name: string): Promise<boolean> => Promise.resolve(charsetNamed(name) !== undefined);
  replayProfiles: Operations<Config>["replayProfiles"] = () => Promise.resolve({ profiles: [] });
  replayClosed: Operations<Config>["replayClosed"] = () => Promise.reject(new Error("no replay is scripted"));
  daemon: (config: Config, signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  readonly decoded: { bytes: Uint8Array; options: DecodeOptions }[] = [];

  foundDevices(): Promise<readonly FoundDevice[]> {
    return foundDevices(this.root);
  }

  cardService(signal: AbortSignal): Promise<CardService> {
    return askPcscd(this.root, signal);
  }

  loadConfig(flag: string | undefined): ReturnType<Operations<Config>["loadConfig"]> {
    return loadConfigFile({ flag, env: {}, systemPath: "/nowhere/storeloop.yaml" });
  }

  run(config: Config, signal: AbortSignal): Promise<void> {
    return this.daemon(config, signal);
  }

  verifyLedger(): Promise<ChainCheck | { readonly state: "absent" }> {
    return this.ledger();
  }

  decodeFile(bytes: Uint8Array, options: DecodeOptions): Promise<readonly object[]> {
    this.decoded.push({ bytes, options });
    return Promise.resolve(this.segments);
  }

  drawFile(bytes: Uint8Array, options: DecodeOptions): Promise<readonly DrawnSlip[]> {
    return Promise.resolve(drawCapture(bytes, options));
  }

  drawReceipt(receipt: Receipt, bytes: Uint8Array, config: Config): Promise<Paper> {
    return Promise.resolve(drawReceipt(receipt, bytes, config));
  }

  htmlPage(page: PaperPage): Promise<string> {
    return Promise.resolve(htmlPage(page));
  }
}
