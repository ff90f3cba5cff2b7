import { createHash } from "node:crypto";
import { command, selectCommand } from "../../apdu.ts";
import { encodeTlv, parseTlv, type DataObjects } from "../ber-tlv.ts";
import { applications } from "../select.ts";

/**
 * Messages of Apple VAS 1.0 as observed: kormax/apple-vas, README, and proxmark3, cmdhfvas.c. Apple's own document is not public.
 */

/** SELECT VAS. */
export const selectWallet: Uint8Array = selectCommand(applications.wallet);

/** The longest signup address that leaves room for the rest of the request in a short command. */
export const maxUrlBytes = 196;

const tags = {
  fci: 0x6f,
  label: 0x50,
  version: 0x9f21,
  requestVersion: 0x9f22,
  passTypeHash: 0x9f25,
  capabilities: 0x9f26,
  signupUrl: 0x9f29,
  filter: 0x9f2b,
  response: 0x70,
  cryptogram: 0x9f27,
} as const;

/** What one GET DATA asks for. */
export interface PassRequest {
  readonly passTypeId: string;
  /** Where a shopper without the pass can get it; shown by the phone. */
  readonly url?: string;
  /** Whether another pass is asked for if this one is not there. */
  readonly hasMore: boolean;
}

/** What SELECT said about the wallet. */
export interface WalletInfo {
  /** `ApplePay` or `AndroidPay`. */
  readonly label: string;
  /** All data objects of the file control information. */
  readonly objects: DataObjects;
}

/** The identifier by which a phone is asked for a pass: SHA-256 of the pass type identifier. */
export function passTypeHash(passTypeId: string): Uint8Array {
  return createHash("sha256").update(passTypeId, "utf8").digest();
}

/** Reads the answer to SELECT: a file control information template with an application label. `undefined` when it is none. */
export function parseWalletInfo(data: Uint8Array): WalletInfo | undefined {
  const template = parseTlv(data)?.get(tags.fci);
  const objects = template && parseTlv(template);
  const label = objects?.get(tags.label);
  return objects && label && { label: Buffer.from(label).toString("latin1"), objects };
}

/** Whether the phone speaks the one version there is, 1.0. */
export function isVasVersion1({ objects }: WalletInfo): boolean {
  return Buffer.from(objects.get(tags.version) ?? []).equals(Buffer.of(1, 0));
}

/**
 * GET DATA in protocol mode "full": version 1.0, the pass, terminal capabilities (VAS supported; mode "VAS only"; more passes to come
 * or not), the filter in its only working value, and the signup address. Throws a RangeError when the address is too long.
 */
export function getPassCommand({ passTypeId, url, hasMore }: PassRequest): Uint8Array {
  const request = [
    encodeTlv(tags.requestVersion, Buffer.of(1, 0)),
    encodeTlv(tags.passTypeHash, passTypeHash(passTypeId)),
    encodeTlv(tags.capabilities, Buffer.of(0x00, 0x80, 0x00, hasMore ? 0x82 : 0x02)),
    encodeTlv(tags.filter, Buffer.of(1, 0, 0, 0, 0)),
    ...(url === undefined ? [] : [encodeTlv(tags.signupUrl, Buffer.from(url, "utf8"))]),
  ];
  return command([0x80, 0xca, 0x01, 0x01], Buffer.concat(request));
}

/** The cryptogram in an answer to GET DATA: empty when the phone only took note of the address, `undefined` when the answer is none. */
export function parsePassAnswer(data: Uint8Array): Uint8Array | undefined {
  const template = parseTlv(data)?.get(tags.response);
  const objects = template && parseTlv(template);
  return objects && (objects.get(tags.cryptogram) ?? new Uint8Array());
}
