import { describe, expect, it } from "vitest";
import {
  getPassCommand,
  isVasVersion1,
  parsePassAnswer,
  parseWalletInfo,
  passTypeHash,
  selectWallet,
} from "../../../../../../drivers/nfc/iso-dep/wallet/vas-messages.ts";
import { hex, publishedVectors } from "../../../../../support/nfc/vectors.ts";

interface VasVectors {
  readonly trace: Readonly<
    Record<
      "selectReq" | "selectRsp" | "getDataReq" | "passTypeId" | "passTypeIdSha256" | "getDataRsp" | "cryptogram",
      string
    >
  >;
  readonly readmeExample: Readonly<Record<"selectRsp" | "getDataRsp", string>>;
}

const published = publishedVectors("vas.json");
const vas = published.vectors as VasVectors | undefined;

/** kormax/apple-vas, README: the answer to SELECT, and a request. */
const inline = {
  selectRsp: "6f1d50084170706c655061799f210201009f2404e9caede39f23040000003e",
  getDataReq:
    "80ca01014b9f220201009f252003b57cdb3eca0984ba9abdc2fb45d86626d87b39d33c5c6dbbc313a6347a31469f2604008000029f2b0501000000009f291168747470733a2f2f6170706c652e636f6d00",
  passTypeId: "pass.com.passkit.pksamples.nfcdemo",
};

const request = { passTypeId: inline.passTypeId, url: "https://apple.com" };

describe("Apple VAS messages", () => {
  it("asks for a pass as a reader was seen to", () => {
    const asked = getPassCommand({ ...request, hasMore: false });
    expect(Buffer.from(asked).toString("hex")).toBe(inline.getDataReq);
  });

  it("says whether more passes will be asked for", () => {
    const asked = Buffer.from(getPassCommand({ ...request, hasMore: true })).toString("hex");
    expect(asked).toBe(inline.getDataReq.replace("9f260400800002", "9f260400800082"));
  });

  it("holds the longest signup address, and refuses a longer one", () => {
    const url = (length: number) => "https://example.com/".padEnd(length, "a");
    expect(getPassCommand({ ...request, url: url(196), hasMore: false })).toHaveLength(255 + 6);
    expect(() => getPassCommand({ ...request, url: url(197), hasMore: false })).toThrow(RangeError);
  });

  it("reads which wallet answered", () => {
    const wallet = parseWalletInfo(hex(inline.selectRsp));
    expect(wallet?.label).toBe("ApplePay");
    expect(wallet && isVasVersion1(wallet)).toBe(true);
  });

  it.each(["", "6f00", "6f03500141aa", "70035001419000", `${inline.selectRsp}00`])(
    "takes %j for no file control information",
    (bytes) => {
      expect(parseWalletInfo(hex(bytes))).toBeUndefined();
    },
  );

  it("tells an answer without a cryptogram from no answer", () => {
    expect(parsePassAnswer(hex("70039f2a00"))).toEqual(new Uint8Array());
    for (const bytes of ["", "9f2700", "70039f2701", "7000ff"]) expect(parsePassAnswer(hex(bytes))).toBeUndefined();
  });
});

describe.skipIf(!vas)(`Apple VAS messages, as published${published.skipped}`, () => {
  const { trace, readmeExample } = vas ?? ({} as VasVectors);

  it("sends what the reader in the trace sent, byte for byte", () => {
    expect(Buffer.from(selectWallet).toString("hex")).toBe(trace.selectReq);
    expect(Buffer.from(passTypeHash(trace.passTypeId)).toString("hex")).toBe(trace.passTypeIdSha256);
    const asked = getPassCommand({ passTypeId: trace.passTypeId, url: "https://apple.com", hasMore: false });
    expect(Buffer.from(asked).toString("hex")).toBe(trace.getDataReq);
  });

  it("reads what the phones answered", () => {
    for (const answer of [trace.selectRsp, readmeExample.selectRsp]) {
      const wallet = parseWalletInfo(hex(answer).subarray(0, -2));
      expect(wallet && isVasVersion1(wallet)).toBe(true);
    }
    expect(parsePassAnswer(hex(trace.getDataRsp).subarray(0, -2))).toEqual(hex(trace.cryptogram));
    expect(parsePassAnswer(hex(readmeExample.getDataRsp).subarray(0, -2))).toHaveLength(0x4e);
  });
});
