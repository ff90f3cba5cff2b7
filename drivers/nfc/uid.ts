/**
 * Whether a UID is a random one, which changes with every tap (ISO/IEC 14443-3, 6.5.4: single size, first byte 08). Phones have such, and
 * cards that do not want to be followed.
 */
export function isRandomUid(uid: string): boolean {
  return uid.length === 8 && uid.startsWith("08");
}
