import { describe, expect, it } from "vitest";
import {
  dataToSign,
  getDataCommand,
  getMoreCommand,
  negotiateCommand,
  parseNegotiation,
  parseSelection,
  parseServiceResponse,
  selectSmartTap,
} from "../../../../../../drivers/nfc/iso-dep/wallet/smart-tap-messages.ts";
import { parseWalletInfo } from "../../../../../../drivers/nfc/iso-dep/wallet/vas-messages.ts";
import { hex, publishedVectors } from "../../../../../support/nfc/vectors.ts";

interface SmartTapVectors {
  readonly examples: Readonly<
    Record<
      "selectOseRsp" | "selectSmartTapRsp" | "negotiateReqData" | "negotiateRsp" | "getDataReqData" | "getDataRsp",
      string
    >
  >;
  readonly signing: Readonly<
    Record<"readerNonce" | "deviceNonce" | "collectorId" | "readerEphemeralPub" | "dataToSign", string>
  >;
}

const published = publishedVectors("smarttap.json");
const smartTap = published.vectors as SmartTapVectors | undefined;

/** kormax/google-smart-tap, README: one session. */
const inline = {
  sessionId: "6b159a80fc8283fd",
  nonce: "56d2ec8f857f0049aa54f1ca1de2791b5693a7014e6e4565d5644b1c2a305136",
  devicePoint: "03dfee38dbdb68a607383ad622640b180cc7e27d796b4e788c40e5d994291c71fc",
  selectRsp: "00000001dc0321036d646e6d646e0456d2ec8f857f0049aa54f1ca1de2791b5693a7014e6e4565d5644b1c2a305136",
  negotiateRsp:
    "d403376e727394030a7365736b159a80fc8283fd010154032164706b03dfee38dbdb68a607383ad622640b180cc7e27d796b4e788c40e5d994291c71fc",
  getDataReqData:
    "d4033b737271000194030a7365736b159a80fc8283fd010114030b6d6572d40305636c640401020304140307736c72d40301737472005403057063724100000004",
};

const session = { id: hex(inline.sessionId), sequence: 1, status: 1 };
const request = { session, collectorId: 0x01020304, serviceTypes: [0], capabilities: hex("4100000004") };

/** The data field of a short command. */
const dataOf = (apdu: Uint8Array): string => Buffer.from(apdu.subarray(5, -1)).toString("hex");

describe("Smart Tap messages", () => {
  it("select version 2 and read the phone's nonce", () => {
    expect(Buffer.from(selectSmartTap).toString("hex")).toBe("00a4040009a000000476d000011100");
    expect(parseSelection(hex(inline.selectRsp))).toEqual(hex(inline.nonce));
  });

  it.each([
    ["only an older version", `00000000${inline.selectRsp.slice(8)}`],
    ["only a newer version", `00020003${inline.selectRsp.slice(8)}`],
    ["a short nonce", "00000001d403026d646e0456"],
    ["a nonce of another format", inline.selectRsp.replace("6d646e6d646e04", "6d646e6d646e01")],
    ["nothing", ""],
  ])("find no nonce with %s", (_, bytes) => {
    expect(parseSelection(hex(bytes))).toBeUndefined();
  });

  it("ask for data as a reader was seen to, and for more without any", () => {
    const asked = getDataCommand(request);
    expect(Buffer.from(asked.subarray(0, 5)).toString("hex")).toBe("9050000041");
    expect(dataOf(asked)).toBe(inline.getDataReqData);
    expect(Buffer.from(getMoreCommand).toString("hex")).toBe("90c0000000");
  });

  it("read what the phone agreed to", () => {
    const read = parseNegotiation(hex(inline.negotiateRsp));
    expect(read).toEqual({ session, devicePoint: hex(inline.devicePoint) });
  });

  it("read a phone that declines, and refuse what is no answer", () => {
    const declined = "d403106e7273d4030a7365736b159a80fc8283fd0105";
    expect(parseNegotiation(hex(declined))).toEqual({ session: { ...session, status: 5 } });
    for (const bytes of ["", "d403006e7273", declined.replace("6e7273", "6e7274"), `${declined}00`])
      expect(parseNegotiation(hex(bytes))).toBeUndefined();
  });
});

describe.skipIf(!smartTap)(`Smart Tap messages, as published${published.skipped}`, () => {
  const { examples, signing } = smartTap ?? ({} as SmartTapVectors);

  it("read which wallet answered", () => {
    const wallet = parseWalletInfo(hex(examples.selectOseRsp));
    expect(wallet?.label).toBe("AndroidPay");
    expect(wallet?.objects.get(0xc2)).toEqual(parseSelection(hex(examples.selectSmartTapRsp)));
  });

  it("put together what the merchant signs, byte for byte", () => {
    const parts = {
      readerNonce: hex(signing.readerNonce),
      readerPoint: hex(signing.readerEphemeralPub),
      collectorId: Number.parseInt(signing.collectorId, 16),
    };
    expect(Buffer.from(dataToSign(parts, hex(signing.deviceNonce))).toString("hex")).toBe(signing.dataToSign);
  });

  it("negotiate as the reader in the example did, byte for byte", () => {
    const at = examples.negotiateReqData.indexOf("637072") / 2 + 3;
    const parameters = hex(examples.negotiateReqData).subarray(at);
    const signatureAt = parameters.indexOf("sig") + 4;
    const negotiation = {
      session: { id: hex(inline.sessionId), sequence: 0, status: 1 },
      readerNonce: parameters.subarray(0, 32),
      readerPoint: parameters.subarray(33, 66),
      keyVersion: 1,
      signature: parameters.subarray(signatureAt, signatureAt + 72),
      collectorId: 0x01020304,
    };
    expect(dataOf(negotiateCommand(negotiation))).toBe(examples.negotiateReqData);
    expect(parseNegotiation(hex(examples.negotiateRsp))?.devicePoint).toEqual(hex(inline.devicePoint));
  });

  it("ask for data as the reader in the example did, and read what it got", () => {
    expect(dataOf(getDataCommand(request))).toBe(examples.getDataReqData);
    const read = parseServiceResponse(hex(examples.getDataRsp));
    expect(read?.session).toEqual({ ...session, sequence: 2 });
    expect(Buffer.from(read?.bundle ?? []).toString("hex")).toBe(examples.getDataRsp.slice(28 * 2));
    expect(read?.bundle?.[0]).toBe(3);
  });
});
