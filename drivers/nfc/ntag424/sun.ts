import { timingSafeEqual } from "node:crypto";
import type { SunMessage } from "../../../agent/core/credential.ts";
import { isRandomUid } from "../../../agent/core/uid.ts";
import { blockBytes, decryptCbc, encryptBlock } from "./aes.ts";
import { cmac, truncateMac } from "./cmac.ts";
import type { KeySet } from "./key-set.ts";
import { decryptLricb, lrpCmac, lrpKey } from "./lrp.ts";
import { findSunMirror, type SunMirror } from "./sun-mirror.ts";

/** UID and read counter, decrypted or in plain. */
interface PiccFacts {
  readonly uid: Buffer;
  readonly counter: number;
  /** Which of the tag's two modes of AES; `undefined` where a plain mirror does not tell. */
  readonly mode?: Mode;
}

type Mode = "aes" | "lrp";

/** PICCDataTag: UID and counter are mirrored, the UID has 7 bytes (NT4H2421Gx data sheet, 9.3.4). */
const piccDataTag = 0xc7;
const uidBytes = 7;
const lrpRandomBytes = 8;

/** A message that does not say which tag it is of is put to the card that was held to the reader. */
const unknownCounter = 0;

/**
 * Verifies the Secure Unique NFC message in a URI (NXP AN12196, 4) with the first key set that it is authentic under. `undefined` when
 * the URI has none, or no key set fits. One that is not authentic names the fault: `picc-data-invalid` when no key opens it (then UID and
 * counter are the card's and 0), `mac-mismatch`, or `uid-mismatch` when it is another tag's than the card it stood on, whose UID is in
 * upper-case hexadecimal; a random one tells nothing. Never throws; a repeated counter is for the agent to judge.
 */
export function verifySun(uri: string, keySets: readonly KeySet[], cardUid: string): SunMessage | undefined {
  let best: SunMessage | undefined;
  for (const keySet of keySets) {
    const mirror = keySet.readsFiles ? findSunMirror(uri, keySet.parameters) : undefined;
    const message = mirror && messageUnder(keySet, mirror, cardUid);
    if (message?.isAuthentic === true) return message;
    if (message && (best === undefined || best.fault === "picc-data-invalid")) best = message;
  }
  return best;
}

function messageUnder(keySet: KeySet, mirror: SunMirror, cardUid: string): SunMessage | undefined {
  const { picc } = mirror;
  const metaReadKey = keySet.metaReadKey;
  if (picc.type === "encrypted" && !metaReadKey) return undefined;
  const facts = picc.type === "plain" || !metaReadKey ? plainFacts(picc) : decryptPicc(metaReadKey, picc.bytes);
  if (!facts) return failed(keySet, cardUid, unknownCounter, "picc-data-invalid");
  const uid = facts.uid.toString("hex").toUpperCase();
  const fileReadKey = keySet.fileReadKey(facts.uid);
  const session = fileReadKey && sessionThatFits(fileReadKey, facts, mirror);
  if (!session) return failed(keySet, uid, facts.counter, "mac-mismatch");
  if (!isRandomUid(cardUid) && cardUid !== uid) return failed(keySet, uid, facts.counter, "uid-mismatch");
  const fileData = mirror.fileData && session.decrypt(mirror.fileData).toString("utf8");
  return {
    type: "sun",
    keyName: keySet.name,
    isAuthentic: true,
    uid,
    counter: facts.counter,
    ...(fileData !== undefined && { fileData }),
  };
}

function failed(keySet: KeySet, uid: string, counter: number, fault: string): SunMessage {
  return { type: "sun", keyName: keySet.name, isAuthentic: false, fault, uid, counter };
}

function plainFacts(picc: SunMirror["picc"]): PiccFacts | undefined {
  return picc.type === "plain" ? { uid: Buffer.from(picc.uid), counter: picc.counter } : undefined;
}

/** PICCData = tag, UID, counter with its lowest byte first, random padding (AN12196, 4.3; in LRP mode behind 8 random bytes). */
function decryptPicc(key: Uint8Array, encrypted: Uint8Array): PiccFacts | undefined {
  const mode = encrypted.length === blockBytes ? "aes" : "lrp";
  const plain =
    mode === "aes"
      ? decryptCbc(key, encrypted)
      : decryptLricb(lrpKey(key, 0), encrypted.subarray(0, lrpRandomBytes), encrypted.subarray(lrpRandomBytes));
  if (plain[0] !== piccDataTag) return undefined;
  return { uid: plain.subarray(1, 1 + uidBytes), counter: plain.readUIntLE(1 + uidBytes, 3), mode };
}

/** The session whose MAC over one of the possible inputs is the one in the URI. */
function sessionThatFits(
  fileReadKey: Uint8Array,
  facts: PiccFacts,
  { mac, macInputs }: SunMirror,
): SunSession | undefined {
  const modes: readonly Mode[] = facts.mode ? [facts.mode] : ["aes", "lrp"];
  return modes
    .map((mode) => sunSession(mode, fileReadKey, facts.uid, facts.counter))
    .find((session) => macInputs.some((input) => timingSafeEqual(truncateMac(session.mac(input)), mac)));
}

/** The keys of one reading of a tag: other ones with each value of the counter. */
export interface SunSession {
  /** CMAC of what is mirrored, not truncated. */
  mac(input: Uint8Array): Buffer;
  /** File data of whole blocks. */
  decrypt(cipherText: Uint8Array): Buffer;
}

/** Session keys of a reading, for both ends (AN12196, 4.4 and 4.5; AN12321 for LRP). */
export function sunSession(mode: Mode, fileReadKey: Uint8Array, uid: Uint8Array, counter: number): SunSession {
  const count = Buffer.alloc(3);
  count.writeUIntLE(counter, 0, 3);
  return mode === "aes" ? aesSession(fileReadKey, uid, count) : lrpSession(fileReadKey, uid, count);
}

function aesSession(fileReadKey: Uint8Array, uid: Uint8Array, counter: Uint8Array): SunSession {
  const vector = (label: string) => padded(Buffer.concat([Buffer.from(`${label}00010080`, "hex"), uid, counter]));
  const macKey = cmac(fileReadKey, vector("3cc3"));
  const encKey = cmac(fileReadKey, vector("c33c"));
  const iv = encryptBlock(encKey, padded(counter));
  return { mac: (input) => cmac(macKey, input), decrypt: (cipherText) => decryptCbc(encKey, cipherText, iv) };
}

function lrpSession(fileReadKey: Uint8Array, uid: Uint8Array, counter: Uint8Array): SunSession {
  const vector = padded(Buffer.concat([Buffer.from("00010080", "hex"), uid, counter]));
  vector.set([0x1e, 0xe1], blockBytes - 2);
  const master = lrpCmac(lrpKey(fileReadKey, 0), vector);
  const start = Buffer.concat([counter, Buffer.alloc(3)]);
  return {
    mac: (input) => lrpCmac(lrpKey(master, 0), input),
    decrypt: (cipherText) => decryptLricb(lrpKey(master, 1), start, cipherText),
  };
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes], blockBytes);
}
