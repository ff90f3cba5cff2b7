import { randomUUIDv7 } from "node:crypto";
import { carriesPrint, type Config } from "../config/config.ts";
import { SystemClock } from "../drivers/system-clock.ts";
import { StoreloopError } from "./core/errors.ts";
import { asEntryId } from "./core/ids.ts";
import type { Ledger } from "./core/ledger.ts";
import type { ReplayReport, ReplayRequest } from "./core/replay.ts";
import type { Clock } from "./core/time.ts";
import { entrySeal } from "./entry-seal.ts";
import { ledgerFile, openClosedLedger } from "./ledger-check.ts";
import { Replay } from "./pipeline/replay.ts";
import { slipReaders } from "./receipt-reading.ts";
import { compileProfile } from "./receipts/profile.ts";
import type { ProfileSource } from "./receipts/profile-schema.ts";
import { transactionKey } from "./receipts/transaction-key.ts";

/** What replaying a ledger needs of the daemon. */
export interface ReplayHost {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly lanes: Config["lanes"];
}

/** Reads the kept bytes of a ledger again, for one caller at a time. */
export class LedgerReplay {
  readonly #host: ReplayHost;
  #running = false;

  constructor(host: ReplayHost) {
    this.#host = host;
  }

  /** Rejects with `REPLAY_RUNNING` while another one runs, and with the ledger's errors. */
  async run({ scope, profiles }: ReplayRequest, signal: AbortSignal): Promise<ReplayReport> {
    if (this.#running) throw new StoreloopError("REPLAY_RUNNING", "another replay has not ended yet");
    this.#running = true;
    try {
      const { ledger, clock, lanes } = this.#host;
      // The command line of this version checked them and sent them, as it hands over those the daemon starts with.
      const compiled = (profiles as readonly ProfileSource[]).map(compileProfile);
      const newSlipReader = slipReaders(scope.profile === undefined ? lanes : withAnyProfile(lanes), compiled);
      const newId = () => asEntryId(randomUUIDv7());
      return await new Replay({ ledger, clock, newSlipReader, newId, contentKeyOf: transactionKey }, scope).run(signal);
    } finally {
      this.#running = false;
    }
  }
}

/** A profile that is named is tried on every lane, whatever the configuration says. */
function withAnyProfile(lanes: Config["lanes"]): Config["lanes"] {
  return lanes.map((lane) => ({
    ...lane,
    devices: lane.devices.map((device) => (carriesPrint(device) ? { ...device, profile: "auto" } : device)),
  }));
}

/** Replays the ledger of a data folder that no daemon has open. Throws `LEDGER_*`. */
export async function replayClosedLedger(
  { agent, lanes }: Config,
  request: ReplayRequest,
  signal: AbortSignal,
): Promise<ReplayReport> {
  using ledger = openClosedLedger(agent.dataDir, entrySeal(agent.id));
  if (ledger === undefined)
    throw new StoreloopError("LEDGER_ABSENT", `there is no ledger at ${ledgerFile(agent.dataDir)}`);
  return await new LedgerReplay({ ledger, clock: new SystemClock(), lanes }).run(request, signal);
}
