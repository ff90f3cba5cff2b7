import { createHash } from "node:crypto";
import type { VasPass } from "../../../../agent/core/credential.ts";
import type { ErrorCode } from "../../../../agent/core/error-catalogue.ts";
import { parseAnswer, status, type Answer } from "../../apdu.ts";
import type { AppletReading, SendApdu } from "../applet.ts";
import { loadMerchantKey, type MerchantKey } from "./merchant-key.ts";
import { unusable, type UnusableOptions, type WalletSetup } from "./setup.ts";
import { openCryptogram } from "./vas-cryptogram.ts";
import {
  getPassCommand,
  isVasVersion1,
  maxUrlBytes,
  parsePassAnswer,
  parseWalletInfo,
  selectWallet,
} from "./vas-messages.ts";

/** One pass a shop takes, and the key it is encrypted for. */
export interface VasPassOptions {
  /** What the pass is called in the configuration; comes back in the credential. */
  readonly keyName: string;
  /** As in pass.json, e.g. `pass.com.example.loyalty`. */
  readonly passTypeId: string;
  /** The private key whose public half is in the pass (`nfc.encryptionPublicKey`): PEM, PKCS#8 or SEC 1, P-256. */
  readonly privateKeyPem: string;
  /** Where a shopper without the pass can get it: `https`, at most 196 bytes. */
  readonly url?: string;
}

/** Plain data: what the Apple VAS reader needs. The same pass type twice, with two keys, is a change of keys under way. */
export interface VasOptions {
  readonly passes: readonly VasPassOptions[];
}

/** A phone is asked for so many kinds of pass at most: each takes a command, and a tap lasts a second. */
const maxPassTypes = 8;

/** Status words of GET DATA (kormax/apple-vas, README). */
const passStatus = { unavailable: 0x6a83, locked: 0x6287 } as const;

/** One kind of pass with the keys it may be encrypted for. */
interface PassType {
  readonly passTypeId: string;
  readonly url?: string;
  readonly keys: readonly NamedKey[];
}

interface NamedKey extends MerchantKey {
  readonly keyName: string;
}

/**
 * Reads a loyalty pass from an iPhone or Apple Watch (Apple VAS 1.0, mode "VAS only"). Asks for the passes in the order given and
 * takes the first that the phone has. At most one command and one more for each pass. Refuses politely with `NFC_PHONE_LOCKED`,
 * `NFC_NO_PASS` or, when the answers make no sense, `NFC_WALLET_UNREADABLE`.
 *
 * A cryptogram that cannot be opened comes back as a pass that is not authentic, with an empty value and time 0. Whether the time of an
 * authentic one is fresh, and whether it was seen before, is for the agent to judge. See {@link openCryptogram} for what that proves.
 */
export function vasApplet(options: VasOptions): WalletSetup {
  const passTypes = preparePasses(options.passes);
  if ("ok" in passTypes) return passTypes;
  return { ok: true, applet: { name: "vas", read: (send) => readPasses(send, passTypes) } };
}

function preparePasses(passes: readonly VasPassOptions[]): UnusableOptions | readonly PassType[] {
  const types = new Map<string, PassType>();
  for (const { keyName, passTypeId, privateKeyPem, url } of passes) {
    const loaded = loadMerchantKey(privateKeyPem);
    if (!loaded.ok) return unusable(keyName, loaded.reason);
    if (passTypeId === "") return unusable(keyName, "the pass type identifier is empty");
    const urlFault = url === undefined ? undefined : faultOfUrl(url);
    if (urlFault !== undefined) return unusable(keyName, urlFault);
    const { keys = [], ...before } = types.get(passTypeId) ?? { passTypeId };
    const named = { ...loaded.merchantKey, keyName };
    types.set(passTypeId, { ...(url !== undefined && { url }), ...before, keys: [...keys, named] });
  }
  const [first] = passes;
  if (first === undefined) return unusable("vas", "no pass is given");
  if (types.size > maxPassTypes) return unusable(first.keyName, `more than ${maxPassTypes} kinds of pass`);
  return [...types.values()];
}

function faultOfUrl(url: string): string | undefined {
  if (!/^https:\/\/./.test(url) || !URL.canParse(url)) return "the signup address is not an https address";
  return Buffer.byteLength(url) > maxUrlBytes ? `the signup address is longer than ${maxUrlBytes} bytes` : undefined;
}

async function readPasses(send: SendApdu, passTypes: readonly PassType[]): Promise<AppletReading | undefined> {
  const selected = parseAnswer(await send(selectWallet));
  const wallet = selected.status === status.ok ? parseWalletInfo(selected.data) : undefined;
  if (wallet?.label !== "ApplePay") return undefined;
  if (!isVasVersion1(wallet)) return refused("NFC_WALLET_UNREADABLE");
  let refusal: ErrorCode = "NFC_NO_PASS";
  for (const [index, passType] of passTypes.entries()) {
    const request = getPassCommand({ ...passType, hasMore: index < passTypes.length - 1 });
    const answer = parseAnswer(await send(request));
    if (answer.status === passStatus.locked) return refused("NFC_PHONE_LOCKED");
    const cryptogram = cryptogramOf(answer);
    if (cryptogram === undefined) refusal = "NFC_WALLET_UNREADABLE";
    else if (cryptogram.length > 0)
      return { technology: "apple-wallet", credentials: [passFrom(cryptogram, passType)] };
  }
  return refused(refusal);
}

/** Empty when the phone does not have the pass, `undefined` when it answered what it should not. */
function cryptogramOf(answer: Answer): Uint8Array | undefined {
  if (answer.status === passStatus.unavailable) return new Uint8Array();
  return answer.status === status.ok ? parsePassAnswer(answer.data) : undefined;
}

function passFrom(cryptogram: Uint8Array, { passTypeId, keys }: PassType): VasPass {
  const keyId = Buffer.from(cryptogram.subarray(0, 4));
  const keyName = (keys.find((key) => keyId.equals(key.vasKeyId)) ?? keys[0])?.keyName ?? "";
  const cryptogramHash = createHash("sha256").update(cryptogram).digest("hex");
  const content = openCryptogram(cryptogram, passTypeId, keys);
  const shown = { type: "vas", keyName, passTypeId, cryptogramHash } as const;
  return content.isAuthentic ? { ...shown, ...content } : { ...shown, ...content, value: "", issuedAtMs: 0 };
}

function refused(refusal: ErrorCode): AppletReading {
  return { technology: "apple-wallet", refusal };
}
