import type { ErrorCode } from "../../agent/core/error-catalogue.ts";
import { adapterNumbers } from "./adapter-presence.ts";
import type { AdapterPort, Radio, RadioPort } from "./radio.ts";
import type { RadioEvents } from "./radio-events.ts";

/** A radio that is open, and what it reports. */
export interface OpenedRadio {
  readonly events: RadioEvents;
  readonly radio: Radio;
}

/** What the search works with. */
export interface AdapterSearch {
  readonly folder: string;
  /** The number that the address had last. */
  readonly last: number | undefined;
  /** Numbers of adapters that other radios of the store use: these are not asked. */
  readonly reserved: readonly number[];
  /** Opens one adapter. */
  readonly open: (port: AdapterPort) => Promise<OpenedRadio>;
  /** Waits until the adapter is on, and asks it; resolves with its address, or with nothing when it does not answer in time. */
  readonly addressOf: (opened: OpenedRadio) => Promise<string | undefined>;
  readonly signal: AbortSignal;
}

/** A port that is known by the address of its adapter. */
export type AddressedPort = AdapterPort & { readonly address: string };

/** Whether a radio is known by its address, and not by its place. */
export function isAddressed(port: RadioPort): port is AddressedPort {
  return !("uart" in port) && port.address !== undefined;
}

/** An adapter that was opened and did not tell its address. */
export interface QuietAdapter {
  readonly adapter: number;
  readonly events: RadioEvents;
  /** How it was when it was asked. */
  readonly state: RadioEvents["state"];
}

/** What a search came to. */
export type SearchEnd =
  /** `isReady`: it is open through its own library, and no other adapter was opened on the way. */
  | { readonly status: "found"; readonly adapter: number; readonly opened: OpenedRadio; readonly isReady: boolean }
  | { readonly status: "none"; readonly quiet: readonly QuietAdapter[] };

/**
 * Finds the adapter that has the address, whatever number it got this time. The kernel no longer tells addresses without opening (Linux
 * 5), so each is opened and asked, that of the last time first: where it does not answer it is taken for the same, since nothing else is
 * known. The others are asked through @abandonware/noble, because @stoprocent/noble resets what it opens, and with that ends the scan of
 * whoever uses it. They stay open until the process ends: not every library can close them. Rejects with what opening gave for the last
 * one, or for all.
 */
export async function findAdapter(port: AddressedPort, search: AdapterSearch): Promise<SearchEnd> {
  const wanted = port.address.toLowerCase();
  const quiet: QuietAdapter[] = [];
  let failure: { readonly error: unknown } | undefined;
  let opens = 0;
  for (const adapter of candidates(search)) {
    if (search.signal.aborted) break;
    const isLast = adapter === search.last;
    try {
      const library = isLast ? port.library : "abandonware";
      const opened = await search.open({ library, adapter });
      opens += 1;
      const address = (await search.addressOf(opened))?.toLowerCase();
      if (address === wanted || (address === undefined && isLast))
        return { status: "found", adapter, opened, isReady: opens === 1 && library === port.library };
      const { events } = opened;
      if (address === undefined) quiet.push({ adapter, events, state: events.state });
    } catch (error) {
      failure = { error };
      // Whatever it is, the others are not asked for it.
      if (isLast) break;
    }
  }
  if (failure !== undefined && opens === 0) throw failure.error;
  return { status: "none", quiet };
}

/** The numbers to ask, that of the last time first. */
function candidates({ folder, reserved, last }: AdapterSearch): readonly number[] {
  const free = adapterNumbers(folder).filter((adapter) => !reserved.includes(adapter));
  return [...free.filter((adapter) => adapter === last), ...free.filter((adapter) => adapter !== last)];
}

/** Why there is no adapter of an address, in a code and in words for a technician. */
export function lackOf(address: string, quiet: readonly QuietAdapter[]): { code: ErrorCode; detail: string } {
  const named = (...states: readonly QuietAdapter["state"][]): string =>
    quiet
      .filter(({ state }) => states.includes(state))
      .map(({ adapter }) => `hci${adapter}`)
      .join(", ");
  const denied = named("denied");
  if (denied !== "") return { code: "BLE_DENIED", detail: `this user may not use ${denied}` };
  const silent = named("on", undefined);
  if (silent !== "")
    return {
      code: "BLE_SCAN_STALLED",
      detail: `${silent} does not answer, and no other adapter has the address ${address}`,
    };
  const off = named("off");
  if (off !== "")
    return { code: "BLE_ADAPTER_DOWN", detail: `${off} is off, and no other adapter has the address ${address}` };
  return { code: "BLE_ADAPTER_GONE", detail: `no adapter has the address ${address}` };
}
