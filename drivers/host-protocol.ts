import type { DeviceState } from "../agent/core/driver.ts";
import type { DeviceId } from "../agent/core/ids.ts";
import type { Observation, Outcome } from "../agent/core/observation.ts";
import type { Ms } from "../agent/core/time.ts";

/** What the parent sends to a driver's child process. */
export type ToChild =
  | {
      readonly type: "start";
      /** URL of a module that exports `createDriver(options, { clock, logger, previous })`. */
      readonly moduleUrl: string;
      readonly options: unknown;
      /** What the driver's last process said of its devices, and how it ended for them. */
      readonly previous: readonly DeviceState[];
      readonly beatMs: Ms;
      /** Offers that may await their outcome at one time; the driver's next offer waits for a place. */
      readonly maxInFlight: number;
    }
  | { readonly type: "outcome"; readonly id: number; readonly outcome: Outcome }
  /** Have a device blink or beep; answered by `identified` with the same id. */
  | { readonly type: "identify"; readonly id: number; readonly deviceId: DeviceId }
  /** Stop in order: abort the driver, let it finish, exit. */
  | { readonly type: "stop" };

/** Levels of the log lines a child passes up. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** What a driver's child process sends to its parent. */
export type FromChild =
  | { readonly type: "offer"; readonly id: number; readonly observation: Observation }
  | { readonly type: "devices"; readonly devices: readonly DeviceState[] }
  /** Sent every `beatMs`: the event loop turns, and this is what the process holds. `openFiles` is 0 where it cannot be known. */
  | { readonly type: "beat"; readonly rssBytes: number; readonly openFiles: number }
  | { readonly type: "log"; readonly level: LogLevel; readonly fields: object; readonly message: string }
  | { readonly type: "identified"; readonly id: number; readonly isShown: boolean }
  /** The driver came to its end without being told to: it asks to be run in a new process. */
  | { readonly type: "spent" }
  /** The driver cannot run at all: its module is wrong, or `run` rejected. */
  | { readonly type: "failed"; readonly reason: "module" | "run"; readonly detail: string };
