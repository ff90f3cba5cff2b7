import { singleByteName } from "./single-byte-charset.ts";

/** Charsets of more than one byte a character, by the names that people, Windows and Java have for them, small and without `-` and `_`. */
const wide: Readonly<Record<string, string>> = {
  utf8: "utf8",
  gb18030: "gb18030",
  gbk: "gbk",
  gb2312: "gbk",
  cp936: "gbk",
  ms936: "gbk",
  big5: "big5",
  cp950: "big5",
  ms950: "big5",
  shiftjis: "shiftjis",
  sjis: "shiftjis",
  cp932: "shiftjis",
  ms932: "shiftjis",
  windows31j: "shiftjis",
  euckr: "euckr",
  cp949: "euckr",
  ms949: "euckr",
};

/** The charset that a person means by a name, as the decoder calls it: `GB-18030` is `gb18030`. Nothing for a name that means none. */
export function charsetNamed(written: string): string | undefined {
  const plain = written.toLowerCase().replaceAll(/[-_]/g, "");
  return (Object.hasOwn(wide, plain) ? wide[plain] : undefined) ?? singleByteName(written);
}
