import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { createPrintDecoder } from "../../../../../drivers/printer/decoder/print-decoder.ts";
import { bytesOf, cutInto, eventsOf, linesOf } from "./decode-with.ts";

const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;

describe("lines", () => {
  it("takes CR LF and LF CR as one line end and a bare CR as a line end", () => {
    expect(linesOf(eventsOf(bytesOf("a\r\nb\n\rc\rd\n\r\n\re")))).toEqual(["a", "b", "c", "d", "", "e"]);
  });

  it("leaves no gap between the offsets of lines and drops trailing blanks", () => {
    expect(eventsOf(bytesOf("ab  \r\n", ESC, "a", 1, "c\n"), { startOffset: 100 })).toEqual([
      { type: "line", text: "ab", startOffset: 100, endOffset: 105 },
      { type: "line", text: "c", startOffset: 106, endOffset: 111 },
    ]);
  });

  it("moves to tab stops, eight columns apart unless ESC D says otherwise", () => {
    expect(linesOf(eventsOf(bytesOf("a\tb\n", ESC, "D", 4, 20, 0, "a\tb\tc\n")))).toEqual([
      "a       b",
      "a   b               c",
    ]);
  });

  it("places text by ESC $ and ESC \\, also backwards over what is there", () => {
    const at = (column: number): Uint8Array => bytesOf(ESC, "$", (column * 12) % 256, Math.floor((column * 12) / 256));
    expect(linesOf(eventsOf(bytesOf("ab", at(30), "c", ESC, "\\", 24, 0, "d\n")))).toEqual([`ab${" ".repeat(28)}c  d`]);
    expect(linesOf(eventsOf(bytesOf("abcdef", at(1), "XY\n")))).toEqual(["aXYdef"]);
  });

  it("counts double-width characters as two columns", () => {
    expect(linesOf(eventsOf(bytesOf(GS, "!", 0x10, "ab", GS, "!", 0, "\tc\n")))).toEqual(["ab    c"]);
  });

  it("forgets what stands in the line at ESC @", () => {
    expect(eventsOf(bytesOf("gone", ESC, "@", "kept\n"))).toEqual([
      { type: "reset", startOffset: 4, endOffset: 6 },
      { type: "line", text: "kept", startOffset: 0, endOffset: 11 },
    ]);
  });

  it("breaks a line that no paper holds", () => {
    const lines = linesOf(eventsOf(bytesOf("x".repeat(2500), "\n")));
    expect(lines.map((line) => line.length)).toEqual([1024, 1024, 452]);
  });

  it("keeps a line together that a real-time status request interrupts", () => {
    expect(linesOf(eventsOf(bytesOf("to", 0x10, 4, 1, "tal\n")))).toEqual(["total"]);
  });
});

describe("charsets", () => {
  const gb = iconv.encode("小计 ¥5", "gb18030");

  it("reads GB18030 after FS &, after ESC R 15 and by the device's default", () => {
    expect(linesOf(eventsOf(bytesOf(FS, "&", gb, "\n")))).toEqual(["小计 ¥5"]);
    expect(linesOf(eventsOf(bytesOf(ESC, "R", 15, gb, "\n")))).toEqual(["小计 ¥5"]);
    expect(linesOf(eventsOf(bytesOf(ESC, "@", gb, "\n"), { defaultCharset: "gb18030" }))).toEqual(["小计 ¥5"]);
  });

  it("reads GB18030 and UTF-8 where nothing says what it is, but leaves lines and accents of page 0 alone", () => {
    expect(linesOf(eventsOf(bytesOf(iconv.encode("小计", "gb18030"), "\n", Buffer.from("小计 ¥5"), "\n")))).toEqual([
      "小计",
      "小计 ¥5",
    ]);
    expect(linesOf(eventsOf(bytesOf(0xc4, 0xc4, 0xc4, 0xc4, "\nCr", 0x8a, "me\n")))).toEqual(["────", "Crème"]);
    expect(linesOf(eventsOf(bytesOf(ESC, "t", 0, 0xda, 0xc4, 0xc4, 0xbf, "\n")))).toEqual(["┌──┐"]);
  });

  it("reads the code page of ESC t and goes back to page 0 at ESC @", () => {
    expect(linesOf(eventsOf(bytesOf(ESC, "t", 19, 0xd5, "\n", ESC, "@", 0x9b, "\n")))).toEqual(["€", "¢"]);
  });

  it("reads Shift_JIS after FS C 1, with the yen sign at 0x5C", () => {
    const text = iconv.encode("合計", "shiftjis");
    expect(linesOf(eventsOf(bytesOf(FS, "C1", text, " ", 0x5c, "980\n")))).toEqual(["合計 ¥980"]);
  });

  it("reads UTF-8 after FS ( C", () => {
    expect(linesOf(eventsOf(bytesOf(FS, "(C", 2, 0, 48, 2, Buffer.from("Café €5"), "\n")))).toEqual(["Café €5"]);
  });

  it("reads groups of four bytes of GB18030 and gives wide characters two columns", () => {
    const text = iconv.encode("\u{20087}啊", "gb18030");
    expect(linesOf(eventsOf(bytesOf(FS, "&", text, "\tx\n")))).toEqual(["\u{20087}啊    x"]);
  });

  it("never throws on bytes that are not in the charset", () => {
    for (const charset of ["gb18030", "shiftjis", "big5", "euckr", "utf8", "cp437"]) {
      const noise = Uint8Array.from({ length: 224 }, (_, i) => 0xff - i);
      expect(linesOf(eventsOf(bytesOf(noise, "\n"), { defaultCharset: charset }))).toHaveLength(1);
    }
  });
});

describe("symbols", () => {
  const barcodes = (bytes: Uint8Array): readonly string[] =>
    eventsOf(bytes).flatMap((event) => (event.type === "barcode" ? [`${event.symbology}:${event.data}`] : []));

  it("reads GS k in form A and form B", () => {
    expect(barcodes(bytesOf(GS, "k", 2, "690193962160", 0, GS, "k", 67, 12, "690193962160"))).toEqual([
      "ean13:690193962160",
      "ean13:690193962160",
    ]);
  });

  it("strips the code sets of CODE128 and reads the pairs of code set C", () => {
    expect(barcodes(bytesOf(GS, "k", 73, 9, "{BNo.{C", 12, 34))).toEqual(["code128:No.1234"]);
    expect(barcodes(bytesOf(GS, "k", 73, 6, "{Ba{{b"))).toEqual(["code128:a{b"]);
  });

  it("reads form B sent without its count up to the NUL", () => {
    const events = eventsOf(bytesOf(GS, "kI0117050003351", 0, "thanks\n"));
    expect(events.map((event) => (event.type === "barcode" ? event.data : event.type))).toEqual([
      "0117050003351",
      "line",
    ]);
    expect(linesOf(events)).toEqual(["thanks"]);
  });

  it("stores a QR code and prints it as often as asked", () => {
    const store = bytesOf(GS, "(k", 8, 0, "1P0hello");
    const print = bytesOf(GS, "(k", 3, 0, "1Q0");
    const events = eventsOf(bytesOf(store, print, print));
    expect(events.map((event) => (event.type === "qr" ? event.data : event.type))).toEqual(["hello", "hello"]);
  });

  it("gives PDF417 and DataMatrix as barcodes", () => {
    expect(barcodes(bytesOf(GS, "(k", 5, 0, "0P0ab", GS, "(k", 3, 0, "0Q0"))).toEqual(["pdf417:ab"]);
    expect(barcodes(bytesOf(GS, "(k", 5, 0, "6P0ab", GS, "(k", 3, 0, "6Q0"))).toEqual(["datamatrix:ab"]);
  });
});

describe("data too long to be held", () => {
  it("stores no QR code rather than a part of one or the one before", () => {
    const store = (data: Uint8Array): Uint8Array =>
      bytesOf(GS, "(k", (data.length + 3) % 256, Math.floor((data.length + 3) / 256), "1P0", data);
    const print = bytesOf(GS, "(k", 3, 0, "1Q0");
    const events = eventsOf(bytesOf(store(bytesOf("ok")), print, store(new Uint8Array(9000).fill(0x78)), print));
    expect(events.map((event) => event.type)).toEqual(["qr"]);
  });
});

describe("settings", () => {
  it("stay from one slip to the next, as they do in a printer, but not over bytes that were lost", () => {
    const wide = bytesOf(GS, "!", 0x10);
    const decoder = createPrintDecoder({ startOffset: 0 });
    decoder.feed(bytesOf(wide, "a\n"));
    decoder.end();
    expect(linesOf(decoder.feed(bytesOf("b\tc\n")))).toEqual(["b      c"]);
    decoder.feed(bytesOf(GS, "v0", 0, 9, 0, 9, 0, 1));
    decoder.end();
    expect(linesOf(decoder.feed(bytesOf("b\tc\n")))).toEqual(["b       c"]);
  });
});

describe("other events", () => {
  const types = (bytes: Uint8Array): readonly string[] => eventsOf(bytes).map((event) => event.type);

  it("tells cuts, drawer kicks and images", () => {
    expect(types(bytesOf(GS, "V", 0))).toEqual(["cut"]);
    expect(types(bytesOf(GS, "V", 66, 3))).toEqual(["cut"]);
    expect(types(bytesOf(ESC, "i", ESC, "m"))).toEqual(["cut", "cut"]);
    expect(types(bytesOf(ESC, "p", 0, 25, 250))).toEqual(["drawer"]);
    expect(types(bytesOf(GS, "v0", 0, 1, 0, 2, 0, 0xff, 0xff))).toEqual(["image"]);
    expect(types(bytesOf(GS, "*", 1, 1, new Uint8Array(8), GS, "/", 0))).toEqual(["image"]);
    const sent = bytesOf(GS, "(L", 12, 0, "0p0", new Uint8Array(9));
    expect(eventsOf(bytesOf("a\n", sent, GS, "(L", 2, 0, "02"))[1]).toMatchObject({ startOffset: 2, endOffset: 26 });
  });

  it("keeps what goes to a customer display out of the receipt", () => {
    const display = bytesOf(ESC, "=", 2, 0x1f, "$", 1, 1, "TOTAL", 0x0a, " 12.00", 0x0c, ESC, "=", 1);
    expect(linesOf(eventsOf(bytesOf("a", display, "b\n")))).toEqual(["ab"]);
  });

  it("comes back from a display selection that was noise at the next printer command, or after 1 KiB", () => {
    expect(linesOf(eventsOf(bytesOf(ESC, "=", 2, "x", GS, "!", 0, "b\n")))).toEqual(["b"]);
    expect(linesOf(eventsOf(bytesOf(ESC, "=", 2, "x", ESC, "a", 1, "b\n")))).toEqual(["b"]);
    expect(linesOf(eventsOf(bytesOf(ESC, "=", 2, "x\n".repeat(600), "end\n"))).at(-1)).toBe("end");
  });
});

describe("a command cut short", () => {
  const job = bytesOf(ESC, "@", ESC, "a", 1, ESC, "E", 1, "Second receipt of the day\n", GS, "V", 1);

  it.each([
    ["raster", bytesOf(GS, "v0", 0, 100, 0, 100, 0, new Uint8Array(300).fill(0xaa))],
    ["QR code", bytesOf(GS, "(k", 0, 16, "1P0https://example.com/")],
    ["graphics", bytesOf(GS, "8L", 0, 0, 16, 0, new Uint8Array(5000))],
  ])("gives up a %s where the next job begins", (_name, command) => {
    const events = eventsOf(bytesOf("first\n", command, job));
    const start = 6 + command.length;
    expect(events.map((event) => event.type)).toEqual(["line", "broken", "reset", "line", "cut"]);
    expect(events[1]).toEqual({ type: "broken", startOffset: 6, endOffset: start });
    expect(linesOf(events)).toEqual(["first", "Second receipt of the day"]);
  });

  it("gives up a picture where a receipt begins that no ESC @ announces", () => {
    const receipt = bytesOf(
      [ESC, "t", 0, ESC, "a", 1, ESC, "!", 0x30, "SECOND RECEIPT\n", ESC, "!", 0, ESC, "a", 0],
      ["1200 W MAIN ST  SPRINGFIELD IL 62704\n", "Apple                      1.00\n"],
      ["TOTAL                      1.00\n", GS, "V", 0],
    );
    const stream = bytesOf("first\n", GS, "v0", 0, 100, 0, 100, 0, new Uint8Array(300).fill(0xaa), receipt);
    const events = eventsOf(stream);
    expect(events.map((event) => event.type)).toEqual(["line", "broken", "line", "line", "line", "line", "cut"]);
    expect(linesOf(events)[1]).toBe("SECOND RECEIPT");
    for (const size of [1, 7, 100]) expect(eventsOf(cutInto(stream, [size]))).toEqual(events);
  });

  it("keeps text and commands that are the data of a symbol", () => {
    const card = bytesOf(ESC, "a", 1, "Name: A\nPhone: 1\n".repeat(20), ESC, "a", 0);
    const stream = bytesOf(GS, "(k", (card.length + 3) % 256, Math.floor((card.length + 3) / 256), "1P0", card);
    const events = eventsOf(bytesOf(stream, GS, "(k", 3, 0, "1Q0"));
    expect(events.map((event) => event.type)).toEqual(["qr"]);
  });

  it("is read on from where the next job begins, also at the end of the stream", () => {
    const short = bytesOf(GS, "(k", 0, 16, "1P0https", ESC, "@", ESC, "a", 1, "Short second\n");
    expect(linesOf(eventsOf(short))).toEqual(["Short second"]);
    const records = bytesOf(FS, "q", 9, 1, 0, 1, 0, new Uint8Array(700), ESC, "@", ESC, "a", 1, "After records\n");
    expect(linesOf(eventsOf(records)).at(-1)).toBe("After records");
  });

  it("does not take ESC @ in a picture for a job", () => {
    const picture = new Uint8Array(2000).map((_, i) => (i % 40 === 7 ? ESC : i % 40 === 8 ? 0x40 : (i * 89) % 256));
    const events = eventsOf(bytesOf(GS, "v0", 0, 100, 0, 20, 0, picture, "text\n"));
    expect(events.map((event) => event.type)).toEqual(["image", "line"]);
  });

  it("is reported as broken when the stream ends in it", () => {
    expect(eventsOf(bytesOf("a\n", GS, "v0", 0, 100, 0, 20, 0, 1, 2, 3)).at(-1)).toEqual({
      type: "broken",
      startOffset: 2,
      endOffset: 13,
    });
  });
});
