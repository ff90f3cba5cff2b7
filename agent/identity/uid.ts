/**
 * Whether a UID can stand for one card. Single-size UIDs that begin with 08 are random, those with low nibble F in their first byte are
 * shared by several cards (ISO/IEC 14443-3, 6.5.4; NXP AN10927): neither is ever identity.
 */
export function identifies(uid: string): boolean {
  if (uid.length !== 8) return uid.length > 8;
  return !uid.startsWith("08") && uid[1]?.toUpperCase() !== "F";
}
