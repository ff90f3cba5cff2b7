import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { encodeNdefMessage } from "../../drivers/nfc/ndef-encode.ts";
import { VirtualAndroid, type VirtualAndroidOptions } from "../../drivers/nfc/virtual-cards/virtual-android.ts";
import { VirtualIphone, type VirtualIphoneOptions } from "../../drivers/nfc/virtual-cards/virtual-iphone.ts";
import type { VirtualCard } from "../../drivers/nfc/virtual-card.ts";
import { VirtualNtag424, type VirtualNtag424Content } from "../../drivers/nfc/virtual-cards/virtual-ntag424.ts";
import { VirtualTag } from "../../drivers/nfc/virtual-cards/virtual-tag.ts";
import { SystemClock } from "../../drivers/system-clock.ts";
import { newMerchantKeys } from "./merchant-keys.ts";
import { type4Tag } from "./nfc/type4-tag.ts";
import type { TempFolder } from "./temp-folder.ts";

const passTypeId = "pass.com.example.club";
const collectorId = 20180608;
const merchant = newMerchantKeys();
const newTagKeys = () => ({ metaReadKey: randomBytes(16), fileReadKey: randomBytes(16), authKey: randomBytes(16) });
const tagKeys = newTagKeys();
/** Of tags that prove themselves by their message alone: the shop has no key to ask them for more. */
const plainKeys = newTagKeys();

/** An originality signature of NXP and the UID it was made for, from proxmark3, client/src/cmdhfmfu.c. */
export const signed = {
  uid: "04E10CDA993C80",
  signature: Buffer.from("8B76052EE42F5567BEB53238B3E3F9950707C0DCC956B5C5EFCFDB709B2D82B3", "hex"),
};

/** The section `nfc` for the cards made here, with its keys in files. */
export function nfcSection(folder: TempFolder): string {
  const file = (name: string, text: string): string => {
    writeFileSync(folder.file(name), text, { mode: 0o600 });
    return `"${folder.file(name)}"`;
  };
  const files = ({ metaReadKey, fileReadKey }: typeof tagKeys, of: string) =>
    `metaReadKeyFile: ${file(`${of}-meta`, metaReadKey.toString("hex"))}, fileReadKeyFile: ${file(`${of}-read`, fileReadKey.toString("hex"))}`;
  const authKey = file("members-auth", tagKeys.authKey.toString("hex"));
  const pem = file("merchant.pem", merchant.pkcs8Pem);
  return `nfc:
  ntag424:
    - { name: members, ${files(tagKeys, "members")}, authKeyFile: ${authKey} }
    - { name: stickers, ${files(plainKeys, "stickers")} }
  vas: [{ name: club, passTypeId: ${passTypeId}, carries: secret, privateKeyFile: ${pem} }]
  smartTap: { name: club, collectorId: "${collectorId}", carries: secret, privateKeyFile: ${pem} }`;
}

/** A tag of the shop's own. */
export function memberTag(uid: string, content: Partial<VirtualNtag424Content> = {}): VirtualNtag424 {
  return new VirtualNtag424({
    uid,
    ...tagKeys,
    url: "https://example.com/t",
    random: () => randomBytes(16),
    ...content,
  });
}

/** A tag of which the shop has the keys of its message, and none to authenticate it with. */
export function sticker(uid: string, counter: number): VirtualNtag424 {
  return memberTag(uid, { ...plainKeys, counter });
}

/** A tag with a UID of its owner's choice and keys that are not the shop's. */
export function foreignTag(uid: string): VirtualNtag424 {
  return memberTag(uid, newTagKeys());
}

/** A chip card that gives a link that was written down, with a UID of its owner's choice. */
export function copiedLink(uid: string, uri: string): VirtualCard {
  return type4Tag({ uid, message: encodeNdefMessage([{ type: "uri", uri }]) });
}

/** The same on a storage tag. */
export function copiedToStorage(uid: string, uri: string): VirtualCard {
  return new VirtualTag({ uid, ndef: [{ type: "uri", uri }] });
}

/** A link with the last digit of its MAC changed. */
export function tampered(uri: string): string {
  const last = uri.at(-1) === "0" ? "1" : "0";
  return uri.slice(0, -1) + last;
}

/** An iPhone with a pass of the shop. */
export function iphone(member: string, options: Partial<VirtualIphoneOptions> = {}): VirtualCard {
  const passes = [{ passTypeId, message: member, publicKeyPem: merchant.publicKeyPem }];
  return new VirtualIphone({ passes, clock: new SystemClock(), ...options });
}

/** An iPhone that names the shop's key in its cryptogram and used another. */
export function forgedIphone(member: string): VirtualCard {
  const { publicKeyPem } = newMerchantKeys();
  return iphone(member, {
    passes: [{ passTypeId, message: member, publicKeyPem, claimedKeyPem: merchant.publicKeyPem }],
  });
}

/** An Android phone with a loyalty object of the shop. */
export function android(member: string, options: Partial<VirtualAndroidOptions> = {}): VirtualCard {
  return new VirtualAndroid({
    collectorId,
    merchantPublicKeyPem: merchant.publicKeyPem,
    objects: [{ kind: "loyalty", value: member }],
    ...options,
  });
}
