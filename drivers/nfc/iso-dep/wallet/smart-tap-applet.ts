import { createECDH, randomBytes, sign } from "node:crypto";
import type { SmartTapObject } from "../../../../agent/core/credential.ts";
import { status } from "../../apdu.ts";
import type { AppletReading, SendApdu } from "../applet.ts";
import { curve, loadMerchantKey, sharedX, type MerchantKey } from "./merchant-key.ts";
import { unusable, type WalletSetup } from "./setup.ts";
import { openBundle, type BundleSecret } from "./smart-tap-bundle.ts";
import { SessionEnded, SmartTapExchange } from "./smart-tap-exchange.ts";
import {
  dataToSign,
  getDataCommand,
  negotiateCommand,
  nonceBytes,
  parseNegotiation,
  parseSelection,
  parseServiceResponse,
  selectSmartTap,
  sessionStatus,
  type SmartTapSession,
} from "./smart-tap-messages.ts";
import { parseServiceObjects } from "./smart-tap-objects.ts";
import { parseWalletInfo, selectWallet } from "./vas-messages.ts";

/** Plain data: what the Google Smart Tap reader needs. */
export interface SmartTapOptions {
  /** What the key is called in the configuration; comes back in the credential. */
  readonly keyName: string;
  /** The collector ID Google gave the merchant: decimal digits, 1 to 4294967295. */
  readonly collectorId: string;
  /** The version under which the public key was registered with Google: 0 to 4294967295. */
  readonly keyVersion: number;
  /** The merchant's long-term private key: PEM, PKCS#8 or SEC 1, P-256. */
  readonly privateKeyPem: string;
}

/** A merchant as the reader presents itself. */
interface Merchant {
  readonly keyName: string;
  readonly collectorId: number;
  readonly keyVersion: number;
  readonly merchantKey: MerchantKey;
}

/** A secure session after the phone agreed to it. */
interface SecureSession {
  readonly session: SmartTapSession;
  readonly secret: BundleSecret;
}

/** Loyalty, generic and customer objects (README, "Request object type"): no gift cards, offers or tickets are asked for. */
const serviceTypes = [0x03, 0x12, 0x40];

/** Stands alone and unpacks zlib; takes passes and no payments (README, "Terminal capabilities"). */
const capabilities = Uint8Array.of(0x41, 0x00, 0x00, 0x00, 0x01);

const maxUnsigned = 0xffffffff;

/**
 * Reads loyalty, generic and customer objects from Google Wallet on an Android phone (Smart Tap 2.1). At most 21 commands, four with a
 * phone that answers as it should. Refuses politely with `NFC_PHONE_LOCKED`, `NFC_PASS_CHOICE`, `NFC_NO_PASS` or, when the answers make
 * no sense, `NFC_WALLET_UNREADABLE`. A bundle that fails its check comes back as one object of type `unknown` that is not authentic.
 *
 * What it proves: the answer was made in this session, for this merchant, and is whole. The reader proves itself to the phone; nothing
 * proves the phone to the reader, so whoever builds a phone of their own can present any member number they know. See
 * {@link openBundle} for what it was tested against.
 */
export function smartTapApplet({ keyName, collectorId, keyVersion, privateKeyPem }: SmartTapOptions): WalletSetup {
  const loaded = loadMerchantKey(privateKeyPem);
  if (!loaded.ok) return unusable(keyName, loaded.reason);
  const collector = /^\d{1,10}$/.test(collectorId) ? Number(collectorId) : 0;
  if (collector < 1 || collector > maxUnsigned)
    return unusable(keyName, "the collector ID is not a number Google gives out");
  const isVersion = Number.isInteger(keyVersion) && keyVersion >= 0 && keyVersion <= maxUnsigned;
  if (!isVersion) return unusable(keyName, "the key version is not a number from 0 to 4294967295");
  const merchant = { keyName, collectorId: collector, keyVersion, merchantKey: loaded.merchantKey };
  return { ok: true, applet: { name: "smart-tap", read: (send) => readWallet(send, merchant) } };
}

async function readWallet(send: SendApdu, merchant: Merchant): Promise<AppletReading | undefined> {
  const exchange = new SmartTapExchange(send);
  const wallet = await exchange.ask(selectWallet);
  const label = wallet.status === status.ok ? parseWalletInfo(wallet.data)?.label : undefined;
  if (label !== "AndroidPay") return undefined;
  const selected = await exchange.ask(selectSmartTap);
  if (selected.status !== status.ok) return undefined;
  const technology = "google-wallet";
  try {
    return { technology, credentials: await readObjects(exchange, merchant, parseSelection(selected.data)) };
  } catch (error) {
    if (error instanceof SessionEnded) return { technology, refusal: error.refusal };
    throw error;
  }
}

async function readObjects(
  exchange: SmartTapExchange,
  merchant: Merchant,
  deviceNonce: Uint8Array | undefined,
): Promise<readonly SmartTapObject[]> {
  if (!deviceNonce) throw new SessionEnded("NFC_WALLET_UNREADABLE");
  const { session, secret } = await negotiate(exchange, merchant, deviceNonce);
  const { collectorId } = merchant;
  const request = getDataCommand({ session, collectorId, serviceTypes, capabilities });
  const response = await exchange.complete(request);
  // "Success, no passes" may come without any data (Google's reference, status word 9001).
  if (response.length === 0) throw new SessionEnded("NFC_NO_PASS");
  const service = parseServiceResponse(response);
  checkSession(session, service?.session);
  if (service?.bundle === undefined) throw new SessionEnded("NFC_NO_PASS");
  return objectsIn(service.bundle, secret, merchant);
}

/** Proves the merchant to the phone and agrees on a secret with it, under a key made for this tap alone. */
async function negotiate(
  exchange: SmartTapExchange,
  merchant: Merchant,
  deviceNonce: Uint8Array,
): Promise<SecureSession> {
  const { collectorId, keyVersion, merchantKey } = merchant;
  const ephemeral = createECDH(curve);
  ephemeral.generateKeys();
  const readerPoint = ephemeral.getPublicKey(null, "compressed");
  const readerNonce = randomBytes(nonceBytes);
  const session = { id: randomBytes(8), sequence: 0, status: sessionStatus.ok };
  const signedData = dataToSign({ readerNonce, readerPoint, collectorId }, deviceNonce);
  const signature = sign("sha256", signedData, merchantKey.key);
  const command = negotiateCommand({ session, readerNonce, readerPoint, keyVersion, signature, collectorId });
  const answer = parseNegotiation(await exchange.complete(command));
  const agreed = checkSession(session, answer?.session);
  const devicePoint = answer?.devicePoint;
  const shared = devicePoint && sharedX(ephemeral, devicePoint);
  if (!shared) throw new SessionEnded("NFC_WALLET_UNREADABLE");
  return { session: agreed, secret: { sharedX: shared, devicePoint, signedData, signature } };
}

/** The phone's answer must be about our session, not older than our question, and in order. */
function checkSession(asked: SmartTapSession, answered: SmartTapSession | undefined): SmartTapSession {
  const isOurs = answered && Buffer.from(asked.id).equals(answered.id) && answered.sequence >= asked.sequence;
  if (!isOurs) throw new SessionEnded("NFC_WALLET_UNREADABLE");
  if (answered.status === sessionStatus.ok) return answered;
  const { unknownMerchant, notAvailableYet } = sessionStatus;
  const hasNone = answered.status === unknownMerchant || answered.status === notAvailableYet;
  throw new SessionEnded(hasNone ? "NFC_NO_PASS" : "NFC_WALLET_UNREADABLE");
}

function objectsIn(bundle: Uint8Array, secret: BundleSecret, merchant: Merchant): readonly SmartTapObject[] {
  const shown = { type: "smart-tap", keyName: merchant.keyName, collectorId: String(merchant.collectorId) } as const;
  const opened = openBundle(bundle, secret);
  if (!opened.isAuthentic) {
    if (opened.fault === "not-inflatable" || opened.fault === "unknown-flags")
      throw new SessionEnded("NFC_WALLET_UNREADABLE");
    return [{ ...shown, isAuthentic: false, fault: opened.fault, objectType: "unknown", value: "" }];
  }
  const objects = parseServiceObjects(opened.message);
  if (!objects) throw new SessionEnded("NFC_WALLET_UNREADABLE");
  if (objects.length === 0) throw new SessionEnded("NFC_NO_PASS");
  return objects.map((object) => ({ ...shown, isAuthentic: true, ...object }));
}
