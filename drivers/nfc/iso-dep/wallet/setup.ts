import type { ErrorCode } from "../../../../agent/core/error-catalogue.ts";
import type { Applet } from "../applet.ts";

/** Why a wallet cannot be read with the options given: known before any phone is tapped. */
export interface UnusableOptions {
  readonly ok: false;
  readonly code: ErrorCode;
  /** Which configured key or pass is meant. */
  readonly keyName: string;
  /** In words for a technician; never quotes a key. */
  readonly reason: string;
}

/** An application that can be asked for, or why its options cannot be used. */
export type WalletSetup = { readonly ok: true; readonly applet: Applet } | UnusableOptions;

/** The options of the key named cannot be used. */
export function unusable(keyName: string, reason: string): UnusableOptions {
  return { ok: false, code: "NFC_WALLET_KEY_INVALID", keyName, reason };
}
