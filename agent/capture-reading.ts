import { createPrintDecoder } from "../drivers/printer/decoder/print-decoder.ts";
import { readProfiles } from "./profiles-on-disk.ts";
import { chosenProfiles } from "./receipt-reading.ts";
import { decodeCapture, type DecodedSlip } from "./receipts/decode.ts";

/** How a file is to be read. */
export interface ReadFileOptions {
  readonly profile: string;
  readonly charset?: string;
  readonly reveal: boolean;
}

/** Reads every slip of a capture. Throws `PROFILE_UNKNOWN`. */
export function readCapture(bytes: Uint8Array, { profile, charset, reveal }: ReadFileOptions): readonly DecodedSlip[] {
  return decodeCapture(bytes, {
    profiles: chosenProfiles(readProfiles(), profile),
    revealMember: reveal,
    newDecoder: (startOffset) =>
      createPrintDecoder({ startOffset, ...(charset !== undefined && { defaultCharset: charset }) }),
  });
}
