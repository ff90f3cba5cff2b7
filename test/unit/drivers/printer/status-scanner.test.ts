import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StreamStatusScanner } from "../../../../drivers/printer/status-scanner.ts";
import type { StatusRequest } from "../../../../drivers/print-line.ts";

const bytesOf = (text: string): Buffer => Buffer.from(text, "latin1");

function scan(...chunks: readonly Uint8Array[]): readonly StatusRequest[] {
  const scanner = new StreamStatusScanner();
  return chunks.flatMap((chunk) => scanner.feed(chunk));
}

/** When and what, in few words. */
function said(requests: readonly StatusRequest[]): readonly string[] {
  return requests.map(({ when, endOffset, reply }) => `${when} ${endOffset} ${Buffer.from(reply).toString("hex")}`);
}

const statusBytes = bytesOf("\x1dr\x01\x1dI\x01");

describe("status scanner", () => {
  it.each([
    ["DLE EOT 1 to 4 in real time", "\x10\x04\x01\x10\x04\x04", ["at-once 3 12", "at-once 6 12"]],
    [
      "DLE EOT 7, 8 and 18, which take a byte more",
      "\x10\x04\x07\x01\x10\x04\x08\x03",
      ["at-once 4 12", "at-once 8 12"],
    ],
    ["DLE EOT after a DLE that leads nowhere", "\x10\x10\x04\x10\x04\x02", ["at-once 6 12"]],
    ["GS r for paper and drawer, as a number or a digit", "\x1dr\x01\x1dr2", ["in-order 3 00", "in-order 6 00"]],
    ["GS I with one byte", "\x1dI\x01\x1dI2", ["in-order 3 20", "in-order 6 02"]],
    ["GS I with text", "\x1dI\x42", [`in-order 3 ${bytesOf("_EPSON\0").toString("hex")}`]],
    ["GS a by sending the whole status", "\x1da\xff", ["in-order 3 1000000f"]],
    ["GS ( H by giving the id back", "\x1d(H\x06\x000042ab", [`in-order 11 ${bytesOf('7"42ab\0').toString("hex")}`]],
    ["ESC v and ESC u of older models", "\x1bv\x1bu0", ["in-order 2 00", "in-order 5 00"]],
    ["the real-time request to clear the buffer", "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", ["at-once 10 372500"]],
  ])("answers %s", (_name, text, expected) => {
    expect(said(scan(bytesOf(text)))).toEqual(expected);
  });

  it.each([
    ["GS a 0, which switches reports off", "\x1da\x00"],
    ["numbers that no printer knows", "\x1dr\x09\x1dI\x63\x10\x04\x00\x00"],
    ["DLE ENQ and the drawer pulse, which have no answer", "\x10\x05\x01\x10\x14\x01\x00\x01"],
    ["GS ( H with another function", "\x1d(H\x06\x0010abcd"],
    ["text, cuts and drawers", "TOTAL 12.97\n\x1dV\x01\x1bp\x00\x19\xfa"],
  ])("stays silent on %s", (_name, text) => {
    expect(scan(bytesOf(text))).toEqual([]);
  });

  it.each([
    ["a raster image", Buffer.concat([bytesOf("\x1dv0\x00\x06\x00\x01\x00"), statusBytes])],
    ["a column image", Buffer.concat([bytesOf("\x1b*\x00\x06\x00"), statusBytes])],
    ["a QR code", Buffer.concat([bytesOf("\x1d(k\x09\x001P0"), statusBytes])],
    ["a barcode", Buffer.concat([bytesOf("\x1dkI\x06"), statusBytes])],
    ["a graphic of GS 8 L", Buffer.concat([bytesOf("\x1d8L\x06\x00\x00\x00"), statusBytes])],
  ])("does not take the data of %s for requests, and sees the request after it", (_name, image) => {
    const stream = Buffer.concat([image, bytesOf("\x1dr\x01")]);
    expect(said(scan(stream))).toEqual([`in-order ${stream.length} 00`]);
  });

  it("answers a real-time request between any two bytes of commands, texts and images", () => {
    const stream = bytesOf("\x1b@SALE\n\x1ba\x01\x1dv0\x00\x02\x00\x02\x00abcd\x1d(k\x04\x001A2\x00TOTAL\n\x1dV\x01");
    for (let at = 0; at <= stream.length; at += 1) {
      const asked = Buffer.concat([stream.subarray(0, at), bytesOf("\x10\x04\x01"), stream.subarray(at)]);
      const atOnce = scan(asked).filter(({ when }) => when === "at-once");
      expect(said(atOnce), `at ${at}`).toEqual([`at-once ${at + 3} 12`]);
    }
  });

  it("finds the same requests however the stream is cut", () => {
    const pieces = [
      "\x1dr\x01",
      "\x10\x04\x02",
      "TOTAL\n",
      "\x1dv0\x00\x02\x00\x02\x00\x1dr\x01\x10",
      "\x1bE\x01",
      "\x1da\x01",
    ];
    const stream = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((list) => bytesOf(list.join("")));
    fc.assert(
      fc.property(stream, fc.array(fc.nat(200)), (bytes, cuts) => {
        const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
        const chunks = places.map((place, i) => bytes.subarray(places[i - 1] ?? 0, place));
        expect(said(scan(...chunks))).toEqual(said(scan(bytes)));
      }),
    );
  });

  it("takes any garbage without a throw", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 6 }), (chunks) => {
        const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
        for (const { endOffset } of scan(...chunks)) expect(endOffset).toBeLessThanOrEqual(total);
      }),
    );
  });
});
