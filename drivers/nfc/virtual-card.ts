import { connect, type Socket } from "node:net";
import type { Clock, Ms } from "../../agent/core/time.ts";
import { parseSignal } from "./signal.ts";
import { VirtualTag, type VirtualTagContent } from "./virtual-cards/virtual-tag.ts";
import { encodeVpcd, VpcdDecoder, type VpcdMessage } from "./vpcd-codec.ts";

/** How a card held to a virtual reader fared. */
export type HeldCard =
  /** The reader gave the accepted beep: the agent has the tap safe. */
  | { readonly status: "accepted" }
  /** The reader gave the refused beep: the shopper is asked to try again. */
  | { readonly status: "refused" }
  /** The reader gave the long tone: this card is of no use here. */
  | { readonly status: "unsuitable" }
  /** No beep: the reader was away, went away, or nobody listened. A shopper taps again. */
  | { readonly status: "lost"; readonly reason: string };

/** Anything that can be held to a virtual reader. */
export interface VirtualCard {
  /** Answer to reset, as a reader would make it for the card. */
  readonly atr: Uint8Array;
  /** Data and status word for a command. */
  respond(apdu: Uint8Array): Uint8Array;
}

/** Where, and for how long. */
export interface HoldTiming {
  /** 35963 for "Virtual PCD 00 00", 35964 for "Virtual PCD 00 01". */
  readonly port: number;
  readonly clock: Clock;
  /** Takes the card off at once when aborted; the answer is then `lost`. */
  readonly signal: AbortSignal;
  /** How long the shopper waits for the beep. */
  readonly patienceMs?: Ms;
  /** How long the reader stays empty afterwards: vpcd looks every 300 ms or so, and a shorter gap is not seen. */
  readonly gapMs?: Ms;
}

/** Which tag, where, and for how long. */
export interface HoldOptions extends VirtualTagContent, HoldTiming {}

const defaultPatienceMs: Ms = 5_000;
const defaultGapMs: Ms = 700;

/** Holds a virtual NTAG213 to a reader of vpcd: {@link holdVirtualCard}. A RangeError tells of a tag that cannot be. */
export async function holdCard(options: HoldOptions): Promise<HeldCard> {
  return await holdVirtualCard(new VirtualTag(options), options);
}

/**
 * Holds a card to a reader of vpcd until the reader beeps, then takes it off and leaves the reader empty long enough for the next card to
 * be seen as another one. Never rejects.
 */
export async function holdVirtualCard(card: VirtualCard, options: HoldTiming): Promise<HeldCard> {
  const held = Promise.withResolvers<HeldCard>();
  const socket = connect({ host: "127.0.0.1", port: options.port, noDelay: true });
  serve(socket, card, held.resolve);
  const patience = new AbortController();
  const waiting = AbortSignal.any([options.signal, patience.signal]);
  const lost = (reason: string) => held.resolve({ status: "lost", reason });
  void options.clock.sleep(options.patienceMs ?? defaultPatienceMs, waiting).then(
    () => lost("no beep"),
    () => lost("taken off"),
  );
  const result = await held.promise;
  patience.abort();
  socket.destroy();
  await options.clock.sleep(options.gapMs ?? defaultGapMs, options.signal).catch(() => undefined);
  return result;
}

function serve(socket: Socket, card: VirtualCard, settle: (held: HeldCard) => void): void {
  const decoder = new VpcdDecoder();
  socket.on("data", (bytes: Buffer) => {
    for (const message of decoder.feed(bytes)) {
      const reply = answer(message, card);
      if (!reply) continue;
      const signal = message.type === "apdu" ? parseSignal(message.apdu) : undefined;
      // The answer goes out first: a reader left without one would take the card for dead.
      socket.write(encodeVpcd(reply), () => signal && settle({ status: signal }));
    }
  });
  socket.on("error", (error) => settle({ status: "lost", reason: error.message }));
  socket.on("close", () => settle({ status: "lost", reason: "the reader went away" }));
}

/** Power and reset commands get no answer. */
function answer(message: VpcdMessage, card: VirtualCard): Uint8Array | undefined {
  if (message.type === "apdu") return card.respond(message.apdu);
  return message.type === "get-atr" ? card.atr : undefined;
}
