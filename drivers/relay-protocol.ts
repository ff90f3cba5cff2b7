import type { DeviceState } from "../agent/core/driver.ts";
import type { Observation, Outcome } from "../agent/core/observation.ts";
import type { Ms } from "../agent/core/time.ts";
import type { LogLevel } from "./host-protocol.ts";

/** What a relay process is started with, as JSON in its only argument. */
export interface RelayStart {
  /** Unix socket on which the relay waits for the agent. */
  readonly socketPath: string;
  /** URL of a module that exports `createDriver(options, { clock, logger })`, a {@link RelayedDriver}. */
  readonly moduleUrl: string;
  /** Handed to `createDriver`; plain values. */
  readonly options: unknown;
  /** Between two heartbeats. */
  readonly beatMs: Ms;
  /** How long the relay goes on after an agent that stopped in order. */
  readonly lingerMs: Ms;
}

/** What the agent sends to a relay. */
export type ToRelay =
  | { readonly type: "outcome"; readonly id: number; readonly outcome: Outcome }
  /** Take nothing new, finish what is under way, hand everything over, end. */
  | { readonly type: "retire" }
  /** The agent stops in order. Unless one is back in time, end. */
  | { readonly type: "farewell" };

/** What a relay sends to the agent. */
export type FromRelay =
  | { readonly type: "hello"; readonly pid: number; readonly devices: readonly DeviceState[] }
  | { readonly type: "offer"; readonly id: number; readonly observation: Observation }
  | { readonly type: "devices"; readonly devices: readonly DeviceState[] }
  | { readonly type: "beat" }
  | { readonly type: "log"; readonly level: LogLevel; readonly fields: object; readonly message: string }
  /** The driver cannot run at all: its module is wrong, or `run` rejected. */
  | { readonly type: "failed"; readonly detail: string };
