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
  /** Opens one adapter. */
  readonly open: (port: AdapterPort) => Promise<OpenedRadio>;
  /** Waits until the adapter is on, and asks it; resolves with its address, or with nothing when it does not answer in time. */
  readonly addressOf: (opened: OpenedRadio) => Promise<string | undefined>;
}

/** A port that is known by the address of its adapter. */
export type AddressedPort = AdapterPort & { readonly address: string };

/** Whether a radio is known by its address, and not by its place. */
export function isAddressed(port: RadioPort): port is AddressedPort {
  return !("uart" in port) && port.address !== undefined;
}

/**
 * Opens the adapter that has the address, whatever number it got this time. The kernel no longer tells addresses without opening (Linux
 * 5), so each is opened and asked. Those that are another stay open and idle until the process ends: their libraries cannot close them.
 * Resolves with nothing when none has it; rejects with what the last one that could not be opened gave, if none could.
 */
export async function findAdapter(port: AddressedPort, search: AdapterSearch): Promise<OpenedRadio | undefined> {
  const wanted = port.address.toLowerCase();
  let failure: { readonly error: unknown } | undefined;
  let isAnyOpen = false;
  for (const adapter of adapterNumbers(search.folder)) {
    try {
      const opened = await search.open({ library: port.library, adapter });
      isAnyOpen = true;
      if ((await search.addressOf(opened))?.toLowerCase() === wanted) return opened;
      opened.radio.close();
    } catch (error) {
      failure = { error };
    }
  }
  if (failure !== undefined && !isAnyOpen) throw failure.error;
  return undefined;
}
