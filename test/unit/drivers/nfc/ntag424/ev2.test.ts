import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerChallenge, authenticateFirst, getCardUid, openCardUid } from "../../../../../drivers/nfc/ntag424/ev2.ts";
import { hex, publishedVectors } from "../../../../support/nfc/vectors.ts";

interface AuthVector {
  readonly id: string;
  readonly key: string;
  readonly rndA: string;
  readonly encRndB: string;
  readonly part1Apdu: string;
  readonly part2Apdu: string;
  readonly part2Resp: string;
  readonly expect: { readonly ti: string; readonly kSesAuthENC: string; readonly kSesAuthMAC: string };
}

const { vectors, skipped } = publishedVectors("ntag424-sun.json");
const shared = (vectors as { readonly ev2FirstAuth: readonly AuthVector[] } | undefined)?.ev2FirstAuth ?? [];

/** AN12196, 6.6. */
const published: AuthVector = {
  id: "AN12196, key 0",
  key: "00000000000000000000000000000000",
  rndA: "13C5DB8A5930439FC3DEF9A4C675360F",
  encRndB: "A04C124213C186F22399D33AC2A30215",
  part1Apdu: "9071000002000000",
  part2Apdu: "90AF00002035C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D00",
  part2Resp: "3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F081206639100",
  expect: {
    ti: "9D00C4DF",
    kSesAuthENC: "1309C877509E5A215007FF0ED19CA564",
    kSesAuthMAC: "4C6626F5E72EA694202139295C7A7FC7",
  },
};

/** AN12196, 7.3. */
const session = {
  transactionId: hex("DF055522"),
  encKey: hex("2B4D963C014DC36F24F69A50A394F875"),
  macKey: hex("379D32130CE61705DD5FD8C36B95D764"),
};
const sealedUid = hex("70756055688505B52A5E26E59E329CD6595F672298EA41B7");

function flipped(bytes: Buffer, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[bit >> 3]! ^= 1 << (bit & 7);
  return changed;
}

describe(`AuthenticateEV2First${skipped}`, () => {
  it.each([published, ...shared])("is as published: $id", (vector) => {
    const keyNumber = hex(vector.part1Apdu)[5]!;
    expect(authenticateFirst(keyNumber)).toEqual(hex(vector.part1Apdu));
    const answer = answerChallenge(hex(vector.key), hex(vector.encRndB), hex(vector.rndA))!;
    expect(Buffer.from(answer.apdu).toString("hex").toUpperCase()).toBe(vector.part2Apdu);
    expect(answer.finish(hex(vector.part2Resp).subarray(0, -2))).toEqual({
      transactionId: hex(vector.expect.ti),
      encKey: hex(vector.expect.kSesAuthENC),
      macKey: hex(vector.expect.kSesAuthMAC),
    });
  });

  it("gives no session when one bit of what shows the card's key differs", () => {
    const answer = answerChallenge(hex(published.key), hex(published.encRndB), hex(published.rndA))!;
    const response = hex(published.part2Resp).subarray(0, -2);
    // Behind the challenge stand the capabilities, which prove nothing; their block is chained to the one before.
    for (let bit = 0; bit < 160; bit++) expect(answer.finish(flipped(response, bit))).toBeUndefined();
  });

  it("takes no answer of another length, and throws nothing", () => {
    const garbage = fc.uint8Array({ maxLength: 80 });
    fc.assert(
      fc.property(garbage, garbage, (challenge, response) => {
        const answer = answerChallenge(hex(published.key), challenge, hex(published.rndA));
        expect(answer !== undefined).toBe(challenge.length === 16);
        expect(answer?.finish(response)).toBeUndefined();
      }),
    );
  });
});

describe("GetCardUID under the session's keys", () => {
  it("is as published in AN12196, 7.3", () => {
    expect(Buffer.from(getCardUid(session)).toString("hex").toUpperCase()).toBe("90510000088E2C155ADDA99BE300");
    expect(openCardUid(session, sealedUid)).toEqual(hex("04958CAA5C5E80"));
  });

  it("is refused when one bit differs", () => {
    for (let bit = 0; bit < sealedUid.length * 8; bit++)
      expect(openCardUid(session, flipped(sealedUid, bit))).toBeUndefined();
  });

  it("takes no garbage, and throws nothing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (response) => {
        expect(openCardUid(session, response)).toBeUndefined();
      }),
    );
  });
});
