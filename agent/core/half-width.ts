/** The same text with full-width letters, digits and signs in their plain form; every character keeps its place. */
export function halfWidth(text: string): string {
  return text.replaceAll(/[\uFF01-\uFF5E]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
}

/** A text with stars, of the width of what they hide, where `masked` has them: its {@link halfWidth} form after masking. */
export function starred(text: string, masked: string): string {
  const shown = (sign: string, at: number): string => {
    if (masked.charAt(at) !== "*") return sign;
    return halfWidth(sign) === sign ? "*" : "\uFF0A";
  };
  return Array.from({ length: text.length }, (_, at) => shown(text.charAt(at), at)).join("");
}
