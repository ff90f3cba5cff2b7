/** The RID of the PC/SC workgroup, found in the ATR a reader makes up for a storage card (PC/SC part 3, 3.1.3.2.3). */
const pcscRid = Buffer.from("a000000306", "hex");

/** Card names of PC/SC part 3 supplemental document, 3.1 ("NN" bytes of the ATR). */
const storageCards: Readonly<Record<number, string>> = {
  0x0001: "mifare-classic-1k",
  0x0002: "mifare-classic-4k",
  0x0003: "mifare-ultralight",
  0x0026: "mifare-mini",
  0x003a: "mifare-ultralight-c",
  0xf004: "topaz",
  0xf011: "felica-212k",
  0xf012: "felica-424k",
};

/** Size bytes of the capability container that NXP's tags are delivered with (NTAG213/215/216 data sheet, 8.5.6). */
const ntagBySize: Readonly<Record<number, string>> = { 0x12: "ntag213", 0x3e: "ntag215", 0x6d: "ntag216" };

/**
 * What kind of card an ATR announces (PC/SC part 3, 3.1.3.2.3): the name of a storage card, `iso-dep` for a card that made its
 * own ATR, `unknown` where the reader gave none or a storage card has no known name.
 */
export function technologyOfAtr(atr: Uint8Array): string {
  if (atr.length === 0) return "unknown";
  const isStorage = atr[4] === 0x80 && atr[5] === 0x4f && Buffer.from(atr.subarray(7, 12)).equals(pcscRid);
  if (!isStorage) return "iso-dep";
  const name = ((atr[13] ?? 0) << 8) | (atr[14] ?? 0);
  return storageCards[name] ?? "unknown";
}

/** Whether a technology has the memory layout of an NFC Forum Type 2 tag. */
export function isType2(technology: string): boolean {
  return technology === "mifare-ultralight" || technology === "mifare-ultralight-c";
}

/** Names an NTAG21x by the size byte of its capability container; anything else keeps the name the ATR gave. */
export function refineType2(technology: string, sizeByte: number): string {
  return technology === "mifare-ultralight" ? (ntagBySize[sizeByte] ?? technology) : technology;
}

/** Whether chips of a technology may hold an originality signature. Those without answer the question badly, or not at all. */
export function isSigned(technology: string): boolean {
  return technology === "mifare-ultralight" || technology.startsWith("ntag21");
}
