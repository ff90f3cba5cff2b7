import { randomBytes } from "node:crypto";
import type { LiveAuthentication, SunMessage } from "../../../agent/core/credential.ts";
import { isRandomUid } from "../../../agent/core/uid.ts";
import { command, dataOf, status } from "../apdu.ts";
import { answerChallenge, authenticateFirst, getCardUid, openCardUid } from "../ntag424/ev2.ts";
import type { KeySet } from "../ntag424/key-set.ts";
import { originalityOf } from "../originality/originality.ts";
import type { Applet, SendApdu } from "./applet.ts";
import { readRecords, takeSun } from "./ndef.ts";
import { applications, select } from "./select.ts";

/** Commands of the native set, wrapped (NT4H2421Gx data sheet, 10.5 and 10.10). */
const getVersion = command([0x90, 0x60, 0x00, 0x00]);
const moreVersion = command([0x90, 0xaf, 0x00, 0x00]);
const readSignature = command([0x90, 0x3c, 0x00, 0x00], Uint8Array.of(0x00));
/** The status word of its answer alone. */
const signatureStatus = 0x9190;
const signatureBytes = 56;

/**
 * Authenticates an NTAG 424 DNA with an application key, and reads its NDEF message with the SUN message in it and its originality signature
 * on the way. One key is tried with a card, once: a card counts failures, and its key is lost when there were too many.
 */
export function ntag424Applet(keySets: readonly KeySet[]): Applet {
  return {
    name: "ntag424",
    async read(send, { uid }) {
      if (!(await select(send, applications.ndef)) || !(await isNtag424(send))) return undefined;
      const signature = dataOf(await send(readSignature), signatureStatus);
      const { sun, ndef } = takeSun(await readRecords(send), keySets, uid);
      const live = await authenticate(send, keySets, uid, sun);
      const realUid = live?.isAuthentic === true ? live.uid : knownUid(uid, sun);
      const isSigned = signature?.length === signatureBytes && realUid !== undefined;
      return {
        technology: "ntag424",
        ndef,
        ...((live ?? sun) && { credentials: [live, sun].filter((each) => each !== undefined) }),
        ...(isSigned && { originality: originalityOf(Buffer.from(realUid, "hex"), signature) }),
      };
    },
  };
}

/** GetVersion in three frames: hardware of NXP, type NTAG, major version of the 424 (AN12196, 6.5). The last two frames are of no interest. */
async function isNtag424(send: SendApdu): Promise<boolean> {
  const hardware = dataOf(await send(getVersion), status.nativeMore);
  if (!hardware) return false;
  const software = dataOf(await send(moreVersion), status.nativeMore);
  if (software) await send(moreVersion);
  return hardware[0] === 0x04 && hardware[1] === 0x04 && hardware[3] === 0x30;
}

/** The UID as far as it is known without a session: of the anticollision, or of the SUN message where that is random. */
function knownUid(uid: string, sun: SunMessage | undefined): string | undefined {
  if (!isRandomUid(uid)) return uid;
  return sun?.isAuthentic === true ? sun.uid : undefined;
}

/** The set to try: that of the tag's SUN message; none for a tag whose message fits no key, it is not ours; the first where there is no message. */
function keySetFor(keySets: readonly KeySet[], sun: SunMessage | undefined): KeySet | undefined {
  const able = keySets.filter((each) => each.authenticates);
  if (!sun) return able[0];
  const fits = sun.isAuthentic || sun.fault === "uid-mismatch";
  return fits ? able.find(({ name }) => name === sun.keyName) : undefined;
}

async function authenticate(
  send: SendApdu,
  keySets: readonly KeySet[],
  uid: string,
  sun: SunMessage | undefined,
): Promise<LiveAuthentication | undefined> {
  const keySet = keySetFor(keySets, sun);
  const known = knownUid(uid, sun);
  if (!keySet || (keySet.isDiversified && known === undefined)) return undefined;
  const key = keySet.authKey(Buffer.from(known ?? "", "hex"));
  const shown = key && (await authenticateWith(send, key, keySet.authKeyNumber));
  if (!shown) return undefined;
  const named = { type: "ev2", keyName: keySet.name } as const;
  if (shown.fault !== undefined) return { ...named, uid, isAuthentic: false, fault: shown.fault };
  // A card that holds our key and keeps its UID to itself may pass another's on. A key of its own says by itself whose it is.
  const real = shown.uid ?? (keySet.isDiversified ? known : undefined);
  if (real === undefined) return { ...named, uid, isAuthentic: false, fault: "uid-unreadable" };
  const isOther = !isRandomUid(uid) && real !== uid;
  return { ...named, uid: real, isAuthentic: !isOther, ...(isOther && { fault: "uid-mismatch" }) };
}

/** What came of an authentication: why it failed, or the UID under its session, where the card gives that. */
type Shown = { readonly fault: string } | { readonly fault?: undefined; readonly uid: string | undefined };

async function authenticateWith(send: SendApdu, key: Uint8Array, keyNumber: number): Promise<Shown> {
  const challenge = dataOf(await send(authenticateFirst(keyNumber)), status.nativeMore);
  const answer = challenge && answerChallenge(key, challenge, randomBytes(16));
  if (!answer) return { fault: "authentication-refused" };
  const proof = dataOf(await send(answer.apdu), status.nativeOk);
  if (!proof) return { fault: "key-mismatch" };
  const session = answer.finish(proof);
  if (!session) return { fault: "card-not-authentic" };
  const sealed = dataOf(await send(getCardUid(session)), status.nativeOk);
  if (!sealed) return { uid: undefined };
  const uid = openCardUid(session, sealed);
  return uid ? { uid: Buffer.from(uid).toString("hex").toUpperCase() } : { fault: "uid-unreadable" };
}
