import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "../../agent/core/logger.ts";
import { entrySeal } from "../../agent/entry-seal.ts";
import { SqliteLedger } from "../../agent/ledger/sqlite-ledger.ts";
import { SystemClock } from "../../drivers/system-clock.ts";
import { Courier } from "../../sync/courier.ts";
import { MqttLink } from "../../sync/mqtt-link.ts";
import type { FarEnd } from "./far-end.ts";
import { offerAll } from "./ingest.ts";

/** Entries a second from the first write, or from the first batch, to the last acknowledgement. */
export interface ShippingRates {
  /** Written and shipped at the same time. */
  readonly sustained: number;
  /** Written before, then shipped. */
  readonly drain: number;
}

const silent: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // The bench shows rates, no log.
}

/** What the agent ships to a far end; ledger and courier are in this process, as they are in the daemon. */
export async function shippingRates(
  folder: string,
  farEnd: (folder: string) => Promise<FarEnd>,
  { sustained, drain }: { readonly sustained: number; readonly drain: number },
): Promise<ShippingRates> {
  return {
    sustained: await withAgent(folder, farEnd, async (ledger, ship) => {
      await using _shipping = await ship();
      const began = performance.now();
      await offerAll(ledger, 0, sustained);
      await acknowledged(ledger);
      return (sustained * 1000) / (performance.now() - began);
    }),
    drain: await withAgent(folder, farEnd, async (ledger, ship) => {
      await offerAll(ledger, 0, drain);
      const began = performance.now();
      await using _shipping = await ship();
      await acknowledged(ledger);
      return (drain * 1000) / (performance.now() - began);
    }),
  };
}

type Ship = () => Promise<AsyncDisposable>;

async function withAgent(
  folder: string,
  farEnd: (folder: string) => Promise<FarEnd>,
  work: (ledger: SqliteLedger, ship: Ship) => Promise<number>,
): Promise<number> {
  const own = mkdtempSync(join(folder, "shipping-"));
  try {
    await using far = await farEnd(own);
    using ledger = SqliteLedger.open(join(own, "ledger.db"), entrySeal("bench"));
    return await work(ledger, () => shipping(ledger, far.url));
  } finally {
    rmSync(own, { recursive: true });
  }
}

/** Ships until disposed of; resolves when the link is up. */
async function shipping(ledger: SqliteLedger, url: string): Promise<AsyncDisposable> {
  const stop = new AbortController();
  const clock = new SystemClock();
  const up = Promise.withResolvers<void>();
  const uplink = new MqttLink({ url, agentId: "bench", agentVersion: "bench", clock, logger: silent });
  const courier = new Courier({
    ledger,
    uplink,
    clock,
    logger: silent,
    emit: (event) => {
      if (event.type === "uplink" && event.state === "connected") up.resolve();
    },
  });
  const running = courier.run(stop.signal);
  await up.promise;
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

/** Waits until the receiver has acknowledged everything. */
async function acknowledged(ledger: SqliteLedger): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const looking = setInterval(() => {
    if (ledger.watermark().seq === ledger.head().seq) resolve();
  }, 5);
  await promise;
  clearInterval(looking);
}
