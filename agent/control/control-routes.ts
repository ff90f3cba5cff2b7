import type { IncomingMessage, ServerResponse } from "node:http";
import { codeOf, StoreloopError } from "../core/errors.ts";
import { asEntryId, asSeq } from "../core/ids.ts";
import type { LiveEvent } from "../core/live-event.ts";
import type { ReplayRequest } from "../core/replay.ts";
import { isSimulateRequest } from "../core/simulate.ts";
import type { ControlSource, ReceiptKey, ReceiptQuery } from "./control-source.ts";

/** Bytes that may wait for one watcher. Beyond that it is too slow and is cut off: the daemon keeps nothing for it. */
const mostWaitingBytes = 262_144;

const mostReceipts = 500;

/**
 * Answers one request of the control socket: GET `/status`, `/receipts`, `/receipts/:id`, `/captures/:id`, `/watch`, `/verify`, and POST
 * `/replay`, `/simulate` and `/devices/:id/identify`; all JSON or NDJSON but the bytes of a capture. A failure is `{"code", "message"}`,
 * and `words` in both languages where it has them, with a fitting status. Never throws.
 */
export function answer(
  source: ControlSource,
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): void {
  // A client that hangs up in mid-answer is its own business.
  response.on("error", () => undefined);
  void route(source, request, response, closing).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    if (response.headersSent) response.destroy();
    else
      send(response, 500, {
        code: codeOf(error),
        message,
        ...(error instanceof StoreloopError && { words: error.words }),
      });
  });
}

async function route(
  source: ControlSource,
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const url = URL.parse(request.url ?? "", "http://control");
  if (url === null) return send(response, 404, refusal("this is no address"));
  if (request.method === "POST") return post(source, url.pathname, request, response, closing);
  if (request.method !== "GET") return send(response, 405, refusal("only GET and POST are served here"));
  if (url.pathname === "/status") return send(response, 200, source.snapshot());
  if (url.pathname === "/watch") return watch(source, response, closing);
  const signal = AbortSignal.any([closing, hangup(response)]);
  if (url.pathname === "/receipts") return sendReceipts(source, response, url.searchParams, signal);
  if (url.pathname.startsWith("/receipts/")) return sendReceipt(source, response, url, signal);
  if (url.pathname.startsWith("/captures/")) return sendCapture(source, response, url, signal);
  if (url.pathname === "/verify") return send(response, 200, await source.verify(signal));
  send(response, 404, refusal(`nothing is served at ${url.pathname}`));
}

async function post(
  source: ControlSource,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const device = /^\/devices\/([^/]+)\/identify$/.exec(path)?.[1];
  const deviceId = device === undefined ? undefined : decode(device);
  if (path !== "/replay" && path !== "/simulate" && deviceId === undefined)
    return send(response, 405, refusal(`nothing is taken at ${path}`));
  const body = parsed(await textOf(request));
  const signal = AbortSignal.any([closing, hangup(response)]);
  if (deviceId !== undefined) return send(response, 200, { outcome: await source.identify(deviceId, signal) });
  if (path === "/replay" && isReplayRequest(body)) return send(response, 200, await source.replay(body, signal));
  if (path === "/simulate" && isSimulateRequest(body)) return send(response, 200, await source.simulate(body, signal));
  send(response, 400, refusal(`this is no request for ${path}`));
}

/** Profiles of a store are some 10 kB each. */
const mostRequestCharacters = 8_388_608;

async function textOf(request: IncomingMessage): Promise<string> {
  request.setEncoding("utf8");
  let text = "";
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > mostRequestCharacters) return "";
  }
  return text;
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** The peer is this program's own command line, of the same user: its words are taken, when they are there. */
function isReplayRequest(asked: Partial<ReplayRequest>): asked is ReplayRequest {
  return Array.isArray(asked.profiles) && typeof asked.scope?.dryRun === "boolean";
}

async function sendReceipts(
  source: ControlSource,
  response: ServerResponse,
  query: URLSearchParams,
  signal: AbortSignal,
): Promise<void> {
  const limit = wholeNumber(query.get("limit") ?? "20");
  const before = query.get("before");
  const place = before === null ? undefined : wholeNumber(before);
  if (limit === undefined || limit < 1 || (before !== null && place === undefined))
    return send(response, 400, refusal("limit and before must be whole numbers"));
  const wanted: ReceiptQuery = {
    limit: Math.min(limit, mostReceipts),
    ...(place === undefined ? {} : { before: asSeq(place) }),
  };
  send(response, 200, await source.receipts(wanted, signal));
}

async function sendReceipt(
  source: ControlSource,
  response: ServerResponse,
  url: URL,
  signal: AbortSignal,
): Promise<void> {
  const key = receiptKey(url, "/receipts/");
  if (key === undefined) return send(response, 400, refusal("this names no receipt"));
  const receipt = await source.receipt(key, signal);
  if (receipt === undefined)
    return send(response, 404, { code: "RECEIPT_UNKNOWN", message: noReceipt.en, words: noReceipt });
  send(response, 200, receipt);
}

async function sendCapture(
  source: ControlSource,
  response: ServerResponse,
  url: URL,
  signal: AbortSignal,
): Promise<void> {
  const key = receiptKey(url, "/captures/");
  if (key === undefined) return send(response, 400, refusal("this names no receipt"));
  const bytes = await source.captured(key, signal);
  response.writeHead(200, { "content-type": "application/octet-stream", "cache-control": "no-store" });
  response.end(bytes);
}

/** `/receipts/<entry id>`, `/receipts/<n>?by=seq` or `/receipts/<number as printed>?by=number&lane=<id>`. */
function receiptKey(url: URL, route: string): ReceiptKey | undefined {
  const id = decode(url.pathname.slice(route.length));
  if (id === undefined || id === "") return undefined;
  const by = url.searchParams.get("by") ?? "entry";
  const laneId = url.searchParams.get("lane");
  if (by === "entry") return { entryId: asEntryId(id) };
  if (by === "number") return { sequenceNumber: id, ...(laneId === null ? {} : { laneId }) };
  const seq = wholeNumber(id);
  return by === "seq" && seq !== undefined ? { seq: asSeq(seq) } : undefined;
}

function watch(source: ControlSource, response: ServerResponse, closing: AbortSignal): void {
  response.writeHead(200, { "content-type": "application/x-ndjson", "cache-control": "no-store" });
  response.flushHeaders();
  const leave = source.watch((event: LiveEvent) => {
    if (response.writableLength > mostWaitingBytes) response.destroy();
    else if (!response.destroyed) response.write(`${JSON.stringify(event)}\n`);
  });
  const end = (): void => void response.end();
  closing.addEventListener("abort", end);
  response.once("close", () => {
    leave();
    closing.removeEventListener("abort", end);
  });
}

/** Aborted when the client hangs up. */
function hangup(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  return gone.signal;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(`${JSON.stringify(body)}\n`);
}

const noReceipt = { "zh-CN": "没有这张小票", en: "no such receipt" };

const refusal = (message: string): object => ({ code: "CONTROL_REFUSED", message });

const wholeNumber = (text: string): number | undefined => (/^[0-9]{1,15}$/.test(text) ? Number(text) : undefined);

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
