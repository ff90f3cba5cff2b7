import { timingSafeEqual } from "node:crypto";
import { command } from "../apdu.ts";
import { blockBytes, decryptCbc, encryptBlock, encryptCbc, xor } from "./aes.ts";
import { cmac, truncateMac } from "./cmac.ts";

/** What a mutual authentication leaves both ends with (NXP AN12196, 6.6). */
export interface Ev2Session {
  /** Transaction identifier, from the card. */
  readonly transactionId: Uint8Array;
  readonly encKey: Uint8Array;
  readonly macKey: Uint8Array;
}

/** Commands of the native set, wrapped in ISO 7816-4 (NT4H2421Gx data sheet, 10.2). */
const cla = 0x90;
const instruction = { authenticateFirst: 0x71, more: 0xaf, getCardUid: 0x51 } as const;
const macBytes = 8;
const uidBytes = 7;

/** Labels of what is encrypted or keyed for (data sheet, 9.1.4 and 9.1.7). */
const label = { encKey: "a55a00010080", macKey: "5aa500010080", responseIv: "5aa5" } as const;

/** First command of AuthenticateEV2First, without capabilities of the reader (AN12196, 6.6, table 14). */
export function authenticateFirst(keyNumber: number): Uint8Array {
  return command([cla, instruction.authenticateFirst, 0, 0], Uint8Array.of(keyNumber, 0));
}

/** The answer to the card's challenge, and what the card must know to answer ours. */
export interface ChallengeAnswer {
  readonly apdu: Uint8Array;
  /** The session, if the card's response data prove that it holds the key; `undefined` else. Never throws. */
  readonly finish: (response: Uint8Array) => Ev2Session | undefined;
}

/** Answers the card's encrypted challenge with 16 random bytes of our own (AN12196, 6.6). `undefined` when the challenge is not one block. */
export function answerChallenge(key: Uint8Array, challenge: Uint8Array, ours: Uint8Array): ChallengeAnswer | undefined {
  if (challenge.length !== blockBytes) return undefined;
  const theirs = decryptCbc(key, challenge);
  const token = encryptCbc(key, Buffer.concat([ours, rotated(theirs)]));
  const apdu = command([cla, instruction.more, 0, 0], token);
  return { apdu, finish: (response) => finish(key, ours, theirs, response) };
}

/** TI, our challenge rotated, and the capabilities of both ends, under the application key. */
function finish(key: Uint8Array, ours: Uint8Array, theirs: Uint8Array, response: Uint8Array): Ev2Session | undefined {
  if (response.length !== 2 * blockBytes) return undefined;
  const plain = decryptCbc(key, response);
  if (!timingSafeEqual(plain.subarray(4, 4 + blockBytes), rotated(ours))) return undefined;
  return { transactionId: plain.subarray(0, 4), ...sessionKeys(key, ours, theirs) };
}

/** Session keys from both challenges, for both ends (AN12196, 6.6; data sheet, 9.1.7). */
export function sessionKeys(
  key: Uint8Array,
  ours: Uint8Array,
  theirs: Uint8Array,
): Pick<Ev2Session, "encKey" | "macKey"> {
  const mixed = Buffer.concat([
    ours.subarray(0, 2),
    xor(ours.subarray(2, 8), theirs.subarray(0, 6)),
    theirs.subarray(6),
    ours.subarray(8),
  ]);
  const keyFor = (prefix: string) => cmac(key, Buffer.concat([Buffer.from(prefix, "hex"), mixed]));
  return { encKey: keyFor(label.encKey), macKey: keyFor(label.macKey) };
}

/** GetCardUID in full protection, as the first command of a session (AN12196, 7.3). */
export function getCardUid(session: Ev2Session): Uint8Array {
  return command([cla, instruction.getCardUid, 0, 0], macOf(session, instruction.getCardUid, 0, Buffer.alloc(0)));
}

/** The UID in the answer's data; `undefined` when it is not as the session's keys would have it. Never throws. */
export function openCardUid(session: Ev2Session, response: Uint8Array): Uint8Array | undefined {
  if (response.length !== blockBytes + macBytes) return undefined;
  const encrypted = response.subarray(0, blockBytes);
  if (!timingSafeEqual(macOf(session, 0x00, 1, encrypted), response.subarray(blockBytes))) return undefined;
  const plain = decryptCbc(session.encKey, encrypted, responseIv(session, 1));
  const isPadded = plain[uidBytes] === 0x80 && plain.subarray(uidBytes + 1).every((byte) => byte === 0);
  return isPadded ? plain.subarray(0, uidBytes) : undefined;
}

/** The card's answer to GetCardUID, for a virtual one. */
export function sealCardUid(session: Ev2Session, uid: Uint8Array): Uint8Array {
  const padded = Buffer.concat([uid, Buffer.of(0x80)], blockBytes);
  const encrypted = encryptCbc(session.encKey, padded, responseIv(session, 1));
  return Buffer.concat([encrypted, macOf(session, 0x00, 1, encrypted)]);
}

/** MAC of a command (its code and its counter) or of an answer (its status and the counter one higher) (data sheet, 9.1.9). */
function macOf(session: Ev2Session, code: number, counter: number, body: Uint8Array): Buffer {
  const head = Buffer.from([code, counter & 0xff, counter >> 8]);
  return truncateMac(cmac(session.macKey, Buffer.concat([head, session.transactionId, body])));
}

function responseIv(session: Ev2Session, counter: number): Buffer {
  const head = Buffer.concat([Buffer.from(label.responseIv, "hex"), session.transactionId, Buffer.of(counter, 0)]);
  return encryptBlock(session.encKey, Buffer.concat([head], blockBytes));
}

/** Rotated left by one byte: proof that a challenge was decrypted, and not copied. */
export function rotated(challenge: Uint8Array): Buffer {
  return Buffer.concat([challenge.subarray(1), challenge.subarray(0, 1)]);
}
