/** A UUID or any other 16 bytes in the spelling of RFC 9562, 4: lower-case hexadecimal in groups. `undefined` unless these are 16 bytes. */
export function formatUuid(bytes: Uint8Array): string | undefined {
  if (bytes.length !== 16) return undefined;
  const hex = formatHex(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Lower-case hexadecimal without separators. */
export function formatHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}

/** Bytes of a hexadecimal text, with or without hyphens and colons. Throws a RangeError unless it says exactly `length` bytes. */
export function parseHex(text: string, length: number): Uint8Array {
  const digits = text.replaceAll(/[-:]/g, "");
  if (digits.length !== length * 2 || !/^[\da-f]*$/i.test(digits)) {
    throw new RangeError(`${length} bytes in hexadecimal are expected`);
  }
  return Uint8Array.from(Buffer.from(digits, "hex"));
}

/** The 16-bit number at `at`, most significant byte first; the caller has checked the length. */
export function uint16BE(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** The signed 8-bit number at `at`; the caller has checked the length. */
export function int8(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) >> 24;
}

/**
 * What a beacon claims to be received with at one metre, in dBm. `undefined` for claims that cannot be: some beacons put the voltage
 * of their battery in this byte, or nothing.
 */
export function plausibleTxPowerDbm(dbm: number): number | undefined {
  return dbm < 0 ? dbm : undefined;
}
