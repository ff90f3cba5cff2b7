import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fiscalAnchors } from "../../../../agent/receipts/fiscal/anchors.ts";

const tse =
  "V0;KASSE-7;Kassenbeleg-V1;Beleg^10.00_2.14_0.00_0.00_0.00^12.14:Bar;42;99;2026-07-01T08:00:00.000Z;2026-07-01T08:01:30.000Z;ecdsa-plain-SHA256;unixTime;c2ln;a2V5";
const rksv = "_R1-AT1_KASSE_1_B-17_2026-07-01T10:01:30_10,00_2,14_0,00_0,00_0,00_Yh3k=_1A2B_cHJldg==_c2lnbmF0dXI=";
const atcud =
  "A:123456789*B:999999990*C:PT*D:FS*E:N*F:20260701*G:FS 26A/17*H:ABCD1234-17*I1:PT*I7:9.87*I8:2.27*N:2.27*O:12.14*Q:Ab1C*R:1234";
const fapiao = "01,10,031001900104,12345678,10.74,20260701,12345678901234567890,AB12,";

const read = (codes: { lines?: string[]; barcodes?: string[]; qrCodes?: string[] }) =>
  fiscalAnchors({ lines: [], barcodes: [], qrCodes: [], ...codes });

describe("fiscal codes", () => {
  it("reads a German TSE code", () => {
    expect(read({ qrCodes: [tse] })).toEqual([
      {
        kind: "tse",
        source: "qr",
        clientId: "KASSE-7",
        processType: "Kassenbeleg-V1",
        transactionType: "Beleg",
        transactionNumber: 42,
        signatureCounter: 99,
        startedAt: "2026-07-01T08:00:00.000Z",
        endedAt: "2026-07-01T08:01:30.000Z",
        signatureAlgorithm: "ecdsa-plain-SHA256",
        signature: "c2ln",
        publicKey: "a2V5",
        totalMinor: 1214,
      },
    ]);
  });

  it("reads an Austrian code, whose register may have an underscore in its name", () => {
    expect(read({ barcodes: [rksv] })).toEqual([
      {
        kind: "rksv",
        source: "barcode",
        suite: "R1-AT1",
        cashBoxId: "KASSE_1",
        receiptId: "B-17",
        dateTime: "2026-07-01T10:01:30",
        totalMinor: 1214,
        turnoverCounter: "Yh3k=",
        certificateSerial: "1A2B",
        previousSignature: "cHJldg==",
        signature: "c2lnbmF0dXI=",
      },
    ]);
  });

  it("reads a Portuguese code and leaves the buyer's tax number out", () => {
    const [anchor] = read({ qrCodes: [atcud] });
    expect(anchor).toMatchObject({
      kind: "atcud",
      atcud: "ABCD1234-17",
      issuerTaxId: "123456789",
      documentId: "FS 26A/17",
      date: "2026-07-01",
      taxMinor: 227,
      totalMinor: 1214,
    });
    expect(JSON.stringify(anchor)).not.toContain("999999990");
  });

  it("reads a Chinese invoice, with tax only when it is fully digital", () => {
    expect(read({ qrCodes: [fapiao] })).toEqual([
      {
        kind: "fapiao",
        source: "qr",
        invoiceType: "10",
        code: "031001900104",
        number: "12345678",
        amountMinor: 1074,
        date: "2026-07-01",
        check: "12345678901234567890",
      },
    ]);
    expect(read({ qrCodes: ["01,32,,12345678901234567890,12.14,20260701,,AB12"] })).toMatchObject([
      { invoiceType: "32", totalMinor: 1214, number: "12345678901234567890" },
    ]);
  });

  it.each([
    ["training", tse.replace("Beleg^", "AVTraining^")],
    ["void", tse.replace("Beleg^", "AVBelegabbruch^")],
    ["order", tse.replace("Beleg^", "AVBestellung^")],
    ["training", rksv.replace("Yh3k=", "VFJB")],
    ["void", rksv.replace("Yh3k=", "U1RP")],
    ["void", atcud.replace("*E:N", "*E:A")],
  ])("says %s where the code does", (remark, code) => {
    expect(read({ qrCodes: [code] })).toMatchObject([{ remark }]);
  });

  it("reads numbers from the text where no symbol has them", () => {
    const lines = ["TSE-Signaturzähler: 1001", "TSE-Transaktion: 501", "Seriennummer Kasse: K-1", "ATCUD: ABCD1234-17"];
    expect(read({ lines })).toEqual([
      { kind: "tse", source: "text", transactionNumber: 501, signatureCounter: 1001, clientId: "K-1" },
      { kind: "atcud", source: "text", atcud: "ABCD1234-17" },
    ]);
    expect(read({ lines, qrCodes: [tse] }).map(({ kind, source }) => [kind, source])).toEqual([
      ["tse", "qr"],
      ["atcud", "text"],
    ]);
    expect(read({ lines: ["发票代码:031001900104", "发票号码:12345678"] })).toEqual([
      { kind: "fapiao", source: "text", code: "031001900104", number: "12345678" },
    ]);
  });

  it("reads a code that is written out over several lines", () => {
    const lines = ["Danke", ...(rksv.match(/.{1,32}/g) ?? []), "", "bis bald"];
    expect(read({ lines })).toMatchObject([{ kind: "rksv", source: "text", signature: "c2lnbmF0dXI=" }]);
  });

  it.each([tse, rksv, atcud, fapiao])("leaves %s alone when a member is missing or broken", (code) => {
    const separator = code === atcud ? "*" : code === tse ? ";" : code === rksv ? "_" : ",";
    const parts = code.split(separator);
    expect(read({ qrCodes: [parts.slice(0, 4).join(separator)] })).toEqual([]);
    expect(read({ qrCodes: [code.replace(/2026/g, "20x6")] })).toEqual([]);
  });

  it("takes a link to an invoicing service for a plain code", () => {
    expect(read({ qrCodes: ["https://fp.example.cn/k?s=0117&a=92.11"] })).toEqual([]);
  });

  it("never throws, whatever is printed", () => {
    const piece = fc.constantFrom(...[tse, rksv, atcud, fapiao].flatMap((code) => code.split(/(?<=[;_*,:^])/)));
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((parts) => parts.join("")),
    );
    const some = fc.array(text, { maxLength: 5 });
    fc.assert(
      fc.property(some, some, (lines, qrCodes) => {
        const anchors = read({ lines, qrCodes });
        return isDeepStrictEqual(JSON.parse(JSON.stringify(anchors)), anchors);
      }),
    );
  });

  it("reads a long text of underscores quickly", () => {
    const noise = `_R1-AT1${"_a".repeat(900)}`;
    const before = performance.now();
    expect(read({ qrCodes: [noise], lines: Array<string>(200).fill(noise.slice(0, 190)) })).toEqual([]);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});
