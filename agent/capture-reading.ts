import { createPrintDecoder } from "../drivers/printer/decoder/print-decoder.ts";
import { readProfiles } from "./profiles-on-disk.ts";
import { checkCharset, chosenProfiles } from "./receipt-reading.ts";
import { decodeCapture, type DecodedSlip } from "./receipts/decode.ts";
import { forced } from "./receipts/profile.ts";

/** How a file is to be read. */
export interface ReadFileOptions {
  readonly profile: string;
  readonly charset?: string;
  readonly reveal: boolean;
  /** Folder of the store's own profiles. */
  readonly profilesDir?: string;
}

/**
 * Reads every slip of a capture; a profile that is named reads all of them, whether its `match` fits or not. Throws `PROFILE_UNKNOWN`,
 * `CHARSET_UNKNOWN` and
 * what {@link readProfiles} throws.
 */
export function readCapture(
  bytes: Uint8Array,
  { profile, charset, reveal, profilesDir }: ReadFileOptions,
): readonly DecodedSlip[] {
  checkCharset(charset);
  const chosen = chosenProfiles(readProfiles(profilesDir), profile);
  return decodeCapture(bytes, {
    profiles: profile === "auto" ? chosen : chosen.map(forced),
    revealMember: reveal,
    newDecoder: (startOffset) =>
      createPrintDecoder({ startOffset, ...(charset !== undefined && { defaultCharset: charset }) }),
  });
}
