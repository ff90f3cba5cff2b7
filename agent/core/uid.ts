/**
 * Whether a UID, in hexadecimal, is a random one, which changes with every tap (ISO/IEC 14443-3, 6.5.4: single size, first byte 08). Phones
 * have such, and cards that do not want to be followed.
 */
export function isRandomUid(uid: string): boolean {
  return uid.length === 8 && uid.startsWith("08");
}

/**
 * Whether a UID can stand for one card. Random ones cannot, nor can single-size UIDs with low nibble F in their first byte, which several
 * cards share (ISO/IEC 14443-3, 6.5.4; NXP AN10927): neither is ever identity.
 */
export function identifies(uid: string): boolean {
  if (uid.length !== 8) return uid.length > 8;
  return !isRandomUid(uid) && uid[1]?.toUpperCase() !== "F";
}
