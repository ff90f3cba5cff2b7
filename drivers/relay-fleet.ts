import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DeviceState, Driver } from "../agent/core/driver.ts";
import type { Logger } from "../agent/core/logger.ts";
import type { Offer } from "../agent/core/observation.ts";
import type { Clock, Ms } from "../agent/core/time.ts";
import { RelayKeeper, type RelaySpec } from "./relay-keeper.ts";
import { RelayLink } from "./relay-link.ts";
import { withGrace } from "./with-grace.ts";

/** What a fleet works with. */
export interface RelayFleetParts {
  /** Where the sockets of the relays lie; made when it is missing. */
  readonly folder: string;
  readonly relays: readonly RelaySpec[];
  /** Version of the program: relays of another one are replaced. */
  readonly version: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long relays go on after an agent that stopped in order; 60000 when absent. */
  readonly lingerMs?: Ms;
}

const defaultLingerMs: Ms = 60_000;

/**
 * Runs drivers that stand in a line, each in a relay process that outlives the agent: kill, hang or stop the agent, and the line works on.
 * A relay left behind by an earlier agent is taken over when it does what is configured now; otherwise it is told to finish what is
 * under way, hands over what it captured, and ends.
 */
export class RelayFleet implements Driver {
  readonly name = "relays";
  readonly #parts: RelayFleetParts;
  readonly #keepers: ReadonlyMap<string, RelayKeeper>;

  constructor(parts: RelayFleetParts) {
    this.#parts = parts;
    const { folder, clock, logger, lingerMs = defaultLingerMs } = parts;
    this.#keepers = new Map(
      parts.relays.map((spec) => {
        const name = nameOf(spec, parts.version);
        return [name, new RelayKeeper({ spec, socketPath: join(folder, name), clock, logger, lingerMs })] as const;
      }),
    );
  }

  devices(): readonly DeviceState[] {
    return [...this.#keepers.values()].flatMap((keeper) => keeper.devices());
  }

  /** Process ids of the relays that are linked. */
  get relayPids(): readonly number[] {
    return [...this.#keepers.values()].flatMap(({ relayPid }) => relayPid ?? []);
  }

  async run(offer: Offer, signal: AbortSignal): Promise<void> {
    const { folder } = this.#parts;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // First those that have a port which their successors are to open.
    const strays = readdirSync(folder).filter((name) => !this.#keepers.has(name));
    await Promise.all([
      ...strays.map((name) => this.#retire(join(folder, name), offer, signal)),
      ...[...this.#keepers.values()].map((keeper) => keeper.run(offer, signal)),
    ]);
  }

  /** Has a relay that nobody wants any more finish its work, and takes what it captured. */
  async #retire(socketPath: string, offer: Offer, signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#parts;
    await withGrace(signal, clock, async (giveUp) => {
      const nothing = (): void => undefined;
      const parts = { offer, logger, onMet: nothing, onDevices: nothing, onFailed: nothing };
      const link = await RelayLink.to(socketPath, parts);
      if (link === undefined) return rmSync(socketPath, { force: true });
      logger.info({ socketPath }, "a relay of an earlier configuration is retired");
      link.retire();
      await link.over(signal, giveUp);
      if (!signal.aborted) for (const end of link.unended) void offer(end);
    });
  }
}

/** Short, because the path of a Unix socket is (unix(7)); different for relays that do different things. */
function nameOf({ moduleUrl, options }: RelaySpec, version: string): string {
  const text = JSON.stringify([version, moduleUrl.href, options]);
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
