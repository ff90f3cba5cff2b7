import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Applet, AppletReading } from "../../../drivers/nfc/iso-dep/applet.ts";
import { smartTapApplet } from "../../../drivers/nfc/iso-dep/wallet/smart-tap-applet.ts";
import { vasApplet } from "../../../drivers/nfc/iso-dep/wallet/vas-applet.ts";
import { VirtualAndroid } from "../../../drivers/nfc/virtual-cards/virtual-android.ts";
import { VirtualIphone } from "../../../drivers/nfc/virtual-cards/virtual-iphone.ts";
import type { VirtualCard } from "../../../drivers/nfc/virtual-card.ts";
import { openNfcPcsc } from "../../../drivers/nfc/nfc.native.ts";
import type { PcscReader, PcscSession } from "../../../drivers/nfc/pcsc.ts";
import { missingForPcscd, virtualReaders } from "../../../drivers/nfc/pcscd.ts";
import { technologyOfAtr } from "../../../drivers/nfc/technology.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { newMerchantKeys } from "../../support/merchant-keys.ts";
import { pcscdForBlock } from "../../support/pcscd.ts";
import { RawCard } from "../../support/raw-card.ts";
import { appletOf } from "../../support/tapped-phone.ts";
import { until } from "../../support/until.ts";

const missing = missingForPcscd();
const skipped = missing === undefined ? "" : ` (skipped: ${missing})`;

const clock = new SystemClock();
const [{ port, reader: readerName }] = virtualReaders;
const keys = newMerchantKeys();
const member = "M-1042";

const vas = appletOf(
  vasApplet({ passes: [{ keyName: "gold", passTypeId: "pass.com.example", privateKeyPem: keys.pkcs8Pem }] }),
);
const smartTap = appletOf(
  smartTapApplet({ keyName: "wallet", collectorId: "20180608", keyVersion: 1, privateKeyPem: keys.sec1Pem }),
);

const iphone = (isLocked: boolean): VirtualCard =>
  new VirtualIphone({
    passes: [{ passTypeId: "pass.com.example", message: member, publicKeyPem: keys.publicKeyPem }],
    clock,
    isLocked,
  });

const android = (): VirtualCard =>
  new VirtualAndroid({
    collectorId: 20180608,
    merchantPublicKeyPem: keys.publicKeyPem,
    objects: [{ kind: "loyalty", value: member.repeat(40) }],
    partBytes: 60,
  });

/** A card on the reader, from coming to going. */
interface Visit {
  readonly reader: PcscReader;
  readonly atr: Uint8Array;
}

describe.skipIf(missing !== undefined)(
  `wallet passes through pcscd, vpcd and nfc-pcsc${skipped}`,
  { timeout: 60_000 },
  () => {
    pcscdForBlock();
    let session: PcscSession;
    let visit: Visit | undefined;

    beforeAll(async () => {
      session = await openNfcPcsc({
        readerFound: () => undefined,
        readerGone: () => undefined,
        cardPresent: (reader, atr) => {
          if (reader.name === readerName) visit = { reader, atr };
        },
        cardGone: () => {
          visit = undefined;
        },
        failed: () => undefined,
      });
    });

    afterAll(async () => {
      await session.close();
    });

    /** Holds a phone to the reader and asks it for one application after the other, as a driver does. */
    async function hold(phone: VirtualCard, applets: readonly Applet[]): Promise<AppletReading | undefined> {
      await until(() => visit === undefined, { what: "an empty reader" });
      using _card = new RawCard(port, phone.atr, (apdu) => phone.respond(apdu));
      const { reader, atr } = await until(() => visit, { what: "a phone on the reader" });
      expect(technologyOfAtr(atr)).toBe("iso-dep");
      await reader.connect();
      for (const applet of applets) {
        const context = { nowMs: clock.now().wallMs, uid: "08A1B2C3" };
        const reading = await applet.read((apdu, most = 258) => reader.transmit(apdu, most), context);
        if (reading) return reading;
      }
      return undefined;
    }

    it("reads a pass off an iPhone, made just now", async () => {
      const reading = await hold(iphone(false), [smartTap, vas]);
      expect(reading).toMatchObject({
        technology: "apple-wallet",
        credentials: [{ isAuthentic: true, value: member }],
      });
      const [pass] = reading?.credentials ?? [];
      const ageMs = clock.now().wallMs - (pass?.type === "vas" ? pass.issuedAtMs : 0);
      expect(ageMs).toBeGreaterThanOrEqual(0);
      expect(ageMs).toBeLessThan(10_000);
    });

    it("hears from an iPhone that it is locked", async () => {
      const reading = await hold(iphone(true), [vas, smartTap]);
      expect(reading).toEqual({ technology: "apple-wallet", refusal: "NFC_PHONE_LOCKED" });
    });

    it("reads an object off an Android phone that gives it in parts", async () => {
      const reading = await hold(android(), [vas, smartTap]);
      expect(reading).toMatchObject({
        technology: "google-wallet",
        credentials: [{ isAuthentic: true, objectType: "loyalty", value: member.repeat(40) }],
      });
    });
  },
);
