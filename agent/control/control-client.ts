import type { IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { isErrorCode, StoreloopError, type Locale } from "../core/errors.ts";
import type { EntryId } from "../core/ids.ts";
import type { LiveEvent } from "../core/live-event.ts";
import type { ReplayReport, ReplayRequest } from "../core/replay.ts";
import type { IdentifyOutcome, SimulateReport, SimulateRequest } from "../core/simulate.ts";
import type { ChainCheck, Receipt, ReceiptKey, ReceiptQuery } from "./control-source.ts";
import type { Snapshot } from "./snapshot.ts";
import { controlSocketPath } from "./socket-path.ts";

// Not imported: an ES import of node:http also loads what hangs on it, a whole WebSocket client, 4 MB.
const { request } = process.getBuiltinModule("node:http");

/** A daemon that is up answers in milliseconds; one that does not for this long hangs. */
const answerWithinMs = 5000;

/** An old receipt, or one that is not there, is searched for through years of entries, from a slow disk. */
const foundWithinMs = 120_000;

/**
 * Asks the daemon of a data folder over its control socket. Every method rejects with `CONTROL_NOT_RUNNING` when nobody listens,
 * `CONTROL_DENIED` when the socket belongs to another user, `CONTROL_REFUSED` when the daemon does not understand or does not
 * answer in time, or the daemon's own error.
 */
export class ControlClient {
  readonly #path: string;

  /** Throws `CONTROL_SOCKET_PATH` when no daemon could listen there. Connects to nothing yet. */
  constructor(dataDir: string) {
    this.#path = controlSocketPath(dataDir);
  }

  async status(signal: AbortSignal): Promise<Snapshot> {
    return (await this.#json("/status", signal, answerWithinMs)) as Snapshot;
  }

  /** Newest first. */
  async receipts(query: ReceiptQuery, signal: AbortSignal): Promise<readonly Receipt[]> {
    const before = query.before === undefined ? "" : `&before=${query.before}`;
    return (await this.#json(`/receipts?limit=${query.limit}${before}`, signal, foundWithinMs)) as readonly Receipt[];
  }

  /** Rejects with `RECEIPT_UNKNOWN` when there is none. */
  async receipt(key: ReceiptKey, signal: AbortSignal): Promise<Receipt> {
    return (await this.#json(pathOf(key), signal, foundWithinMs)) as Receipt;
  }

  /** The print bytes of a recorded receipt as far as they are still kept, card numbers masked. */
  async captured(entryId: EntryId, signal: AbortSignal): Promise<Uint8Array> {
    const response = await this.#get(`/captures/${encodeURIComponent(entryId)}`, signal, foundWithinMs);
    const bytes = await this.#bytesOf(response, signal);
    if (response.statusCode !== 200) throw toError(this.#parsed(bytes.toString()));
    return bytes;
  }

  /** Has the daemon read its whole ledger again; takes as long as it takes. */
  async verify(signal: AbortSignal): Promise<ChainCheck> {
    return (await this.#json("/verify", signal, 0)) as ChainCheck;
  }

  /** Has the daemon read its receipts again; takes as long as it takes. Rejects with `REPLAY_RUNNING` while another one runs. */
  async replay(asked: ReplayRequest, signal: AbortSignal): Promise<ReplayReport> {
    return (await this.#json("/replay", signal, 0, JSON.stringify(asked))) as ReplayReport;
  }

  /** Plays something into the daemon, marked as a test. Rejects with `SIMULATE_NO_DEVICE`. */
  async simulate(asked: SimulateRequest, signal: AbortSignal): Promise<SimulateReport> {
    return (await this.#json("/simulate", signal, 0, JSON.stringify(asked))) as SimulateReport;
  }

  /** Has a device blink or beep. Rejects with `DEVICE_UNKNOWN`. */
  async identify(deviceId: string, signal: AbortSignal): Promise<IdentifyOutcome> {
    const path = `/devices/${encodeURIComponent(deviceId)}/identify`;
    return ((await this.#json(path, signal, answerWithinMs, "{}")) as { outcome: IdentifyOutcome }).outcome;
  }

  /**
   * Live events as they happen. Ends when the daemon ends or cuts a slow reader off, and when the signal is aborted. `onOpen` is
   * called once events can no longer be missed.
   *
   * @yields each event, in order
   */
  async *watch(signal: AbortSignal, onOpen: () => void = () => undefined): AsyncGenerator<LiveEvent, void, undefined> {
    const response = await this.#get("/watch", signal, 0);
    onOpen();
    const lines = createInterface({ input: response, crlfDelay: Infinity });
    // A connection that breaks off is the end of the events, not an error: the daemon may die at any moment.
    response.on("error", () => lines.close());
    try {
      for await (const line of lines) yield JSON.parse(line) as LiveEvent;
    } catch (error) {
      if (!response.destroyed) throw error;
    } finally {
      response.destroy();
    }
  }

  async #json(path: string, signal: AbortSignal, timeoutMs: number, body?: string): Promise<unknown> {
    const response = await this.#get(path, signal, timeoutMs, body);
    const answer = this.#parsed((await this.#bytesOf(response, signal)).toString());
    if (response.statusCode !== 200) throw toError(answer);
    return answer;
  }

  #parsed(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new StoreloopError("CONTROL_REFUSED", `${this.#path} did not answer in JSON`, { cause: error });
    }
  }

  /** POSTs the body, if there is one. */
  #get(path: string, signal: AbortSignal, timeoutMs: number, body?: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const method = body === undefined ? "GET" : "POST";
      const asked = request(
        { socketPath: this.#path, method, path, signal, timeout: timeoutMs, agent: false },
        resolve,
      );
      asked.on("timeout", () =>
        asked.destroy(
          new StoreloopError("CONTROL_REFUSED", {
            "zh-CN": `守护进程在 ${timeoutMs} 毫秒内没有应答`,
            en: `the daemon did not answer within ${timeoutMs} ms`,
          }),
        ),
      );
      asked.on("error", (error) => reject(this.#explain(error, signal)));
      asked.end(body);
    });
  }

  /** The whole answer: the daemon may die in the middle of it. */
  async #bytesOf(response: IncomingMessage, signal: AbortSignal): Promise<Buffer> {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    } catch (error) {
      throw this.#explain(error, signal);
    }
  }

  #explain(error: unknown, signal: AbortSignal): Error {
    if (signal.aborted && signal.reason instanceof Error) return signal.reason;
    if (error instanceof StoreloopError) return error;
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ECONNREFUSED")
      return new StoreloopError(
        "CONTROL_NOT_RUNNING",
        { "zh-CN": `${this.#path} 上没有程序在监听`, en: `nobody listens on ${this.#path}` },
        { cause: error },
      );
    if (code === "EACCES" || code === "EPERM")
      return new StoreloopError(
        "CONTROL_DENIED",
        { "zh-CN": `没有权限访问 ${this.#path}`, en: `no permission for ${this.#path}` },
        { cause: error },
      );
    return new StoreloopError(
      "CONTROL_REFUSED",
      { "zh-CN": `${this.#path} 上的守护进程中断了连接`, en: `the daemon on ${this.#path} broke off` },
      { cause: error },
    );
  }
}

function pathOf(key: ReceiptKey): string {
  if ("entryId" in key) return `/receipts/${encodeURIComponent(key.entryId)}`;
  if ("seq" in key) return `/receipts/${key.seq}?by=seq`;
  const lane = key.laneId === undefined ? "" : `&lane=${encodeURIComponent(key.laneId)}`;
  return `/receipts/${encodeURIComponent(key.sequenceNumber)}?by=number${lane}`;
}

function toError(body: unknown): StoreloopError {
  const isObject = typeof body === "object" && body !== null;
  const code: unknown = isObject && "code" in body ? body.code : undefined;
  const message: unknown = isObject && "message" in body ? body.message : undefined;
  const words: unknown = isObject && "words" in body ? body.words : undefined;
  const said = typeof message === "string" ? message : "refused";
  return new StoreloopError(isErrorCode(code) ? code : "CONTROL_REFUSED", isWords(words) ? words : said);
}

const isWords = (words: unknown): words is Readonly<Record<Locale, string>> =>
  typeof words === "object" &&
  words !== null &&
  ["zh-CN", "en"].every((locale) => typeof Reflect.get(words, locale) === "string");
