import type { WireAck } from "../protocol/ack.ts";
import { AgentQueue, bytesOf, type Arrival, type Lot } from "./agent-queue.ts";
import { isCircumstance, isConflict, isOfTables, sqlState } from "./database.ts";
import type { EntryStore } from "./entry-store.ts";
import type { Pause } from "./pause.ts";
import type { ReceiverLogger } from "./receiver-logger.ts";

/** What an intake works with. */
export interface IntakeParts {
  readonly store: EntryStore;
  /** Agents taken at a time. */
  readonly concurrency: number;
  /** Sends an acknowledgement, as well as it can: one that is lost is made up for by the protocol. */
  readonly publish: (agent: string, ack: WireAck) => void;
  readonly logger: ReceiverLogger;
  readonly pause: Pause;
}

/** Bytes of batches that may wait over all agents. */
const mostBytesWaiting = 256 * 1024 * 1024;

const firstRetryMs = 500;
const longestRetryMs = 15_000;

/**
 * Stores what agents send: one agent's in order, several agents at a time and in turn, acknowledged after the commit. While the
 * database is away it keeps what it holds, tries again, and drops what comes beyond its bounds: agents send that again.
 */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #signal: AbortSignal;
  readonly #queues = new Map<string, AgentQueue>();
  /** Agents with something to store and nobody at it, first come first served. */
  readonly #ready: string[] = [];
  /** How long to wait before the lot of an agent is tried again that was in conflict. */
  readonly #retryMs = new Map<string, number>();
  readonly #working = new Set<Promise<void>>();
  #bytesWaiting = 0;

  constructor(parts: IntakeParts, signal: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  /** Takes something an agent sent. Returns at once. */
  offer(agent: string, arrival: Arrival): void {
    const bytes = bytesOf(arrival);
    const known = this.#queues.get(agent);
    const queue = known ?? new AgentQueue();
    if (this.#signal.aborted || this.#bytesWaiting + bytes > mostBytesWaiting || !queue.add(arrival)) {
      this.#parts.logger.debug({ agent }, "queue full, arrival dropped");
      return;
    }
    this.#bytesWaiting += bytes;
    if (known === undefined) {
      this.#queues.set(agent, queue);
      this.#ready.push(agent);
    }
    this.#start();
  }

  /** Resolves when nothing is being stored. After the signal was aborted, nothing new begins. */
  async idle(): Promise<void> {
    while (this.#working.size > 0) await Promise.all(this.#working);
  }

  #start(): void {
    while (this.#working.size < this.#parts.concurrency && !this.#signal.aborted) {
      const agent = this.#ready.shift();
      if (agent === undefined) return;
      const work = this.#serve(agent).finally(() => {
        this.#working.delete(work);
        this.#start();
      });
      this.#working.add(work);
    }
  }

  /** Stores one lot of an agent, then lets the others have their turn. */
  async #serve(agent: string): Promise<void> {
    const queue = this.#queues.get(agent);
    const lot = queue?.take();
    if (queue === undefined || lot === undefined) return;
    if (!(await this.#untilStored(agent, lot))) {
      void this.#comeBack(agent);
      return;
    }
    this.#retryMs.delete(agent);
    queue.done();
    this.#bytesWaiting -= bytesOf(lot);
    if (queue.isEmpty) this.#queues.delete(agent);
    else this.#ready.push(agent);
  }

  /** False when something that concerns this agent alone was in the way: then the others must not wait for it. */
  async #untilStored(agent: string, lot: Lot): Promise<boolean> {
    const { logger, publish, pause } = this.#parts;
    for (let waitMs = firstRetryMs; !this.#signal.aborted; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
      try {
        const ack = await this.#store(agent, lot);
        if (ack !== undefined) publish(agent, ack);
        if (ack !== undefined && ack.status !== "ok") logger.info({ agent, ...ack, hash: undefined }, "acknowledged");
        return true;
      } catch (error) {
        // Only the message: PGlite's errors carry the statement's parameters, which are receipts.
        logger.error({ agent, sqlState: sqlState(error), reason: reasonOf(error) }, "not stored");
        // A lot that the database refuses for itself would be refused for ever; the agent sends it again, and the log says why.
        if (!isCircumstance(error) && !isOfTables(error)) return true;
        if (isConflict(error)) return false;
      }
      await pause(waitMs, this.#signal).catch(() => undefined);
    }
    return true;
  }

  /** Puts an agent whose lot could not be stored in line again, after a wait that holds nobody up. */
  async #comeBack(agent: string): Promise<void> {
    const waitMs = this.#retryMs.get(agent) ?? firstRetryMs;
    this.#retryMs.set(agent, Math.min(waitMs * 2, longestRetryMs));
    await this.#parts.pause(waitMs, this.#signal).catch(() => undefined);
    this.#ready.push(agent);
    this.#start();
  }

  async #store(agent: string, lot: Lot): Promise<WireAck | undefined> {
    const { store } = this.#parts;
    if (lot.type === "batches") return await store.accept(agent, lot.batches);
    if (lot.type === "state") return await store.heard(lot.state, lot.retained);
    await store.refused(agent, lot.detail);
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
