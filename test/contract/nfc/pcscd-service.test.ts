import { describe, expect, it } from "vitest";
import { askPcscd } from "../../../agent/pcscd-service.ts";
import { missingForPcscd, virtualReaders } from "../../../drivers/nfc/pcscd.ts";
import { PcscdUnderTest } from "../../support/pcscd.ts";

const missing = missingForPcscd();
const skipped = missing === undefined ? "" : ` (skipped: ${missing})`;
const never = new AbortController().signal;

describe.skipIf(missing !== undefined)(`the smart card service of this machine${skipped}`, () => {
  it("tells its readers, hangs, answers again and is gone", { timeout: 240_000 }, async () => {
    await using pcscd = await PcscdUnderTest.reserve();
    expect(await askPcscd("/", never)).toEqual({ state: "absent" });
    await pcscd.start();
    const well = { state: "answers", readers: virtualReaders.map(({ reader }) => reader) };
    expect(await askPcscd("/", never)).toEqual(well);
    process.kill(pcscd.pid, "SIGSTOP");
    try {
      expect(await askPcscd("/", never)).toEqual({ state: "silent" });
    } finally {
      process.kill(pcscd.pid, "SIGCONT");
    }
    expect(await askPcscd("/", never)).toEqual(well);
    await pcscd.stop();
    expect(await askPcscd("/", never)).toEqual({ state: "absent" });
  });
});
