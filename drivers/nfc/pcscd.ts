import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { Clock, Ms } from "../../agent/core/time.ts";
import { pcscdSocketPath, probePcscd } from "./pcscd-probe.ts";

/** Where the virtual readers of vpcd take cards, and what PC/SC calls them (vsmartcard-vpcd's /etc/reader.conf.d/vpcd). */
export const virtualReaders = [
  { port: 35963, reader: "Virtual PCD 00 00" },
  { port: 35964, reader: "Virtual PCD 00 01" },
] as const;

/** A pcscd with virtual readers, ours or somebody's. */
export interface Pcscd extends AsyncDisposable {
  /** Process id when it was started here; a pcscd that ran before is left alone. */
  readonly pid: number | undefined;
  /** Stops it, if it was started here, by a signal to that process. Resolves when it is gone. */
  stop(signal?: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** What came of asking for virtual readers: `unavailable` says in one line what is missing and what to do. */
export type PcscdStart =
  { readonly status: "running"; readonly pcscd: Pcscd } | { readonly status: "unavailable"; readonly reason: string };

const binary = "/usr/sbin/pcscd";
const readerConfig = "/etc/reader.conf.d/vpcd";
const remedy = "apt-get install -y --no-install-recommends pcscd vsmartcard-vpcd";
const readyWithinMs: Ms = 10_000;
const pollMs: Ms = 50;
const stopWithinMs: Ms = 5_000;

/**
 * Makes sure that pcscd runs with the virtual readers of vpcd: uses the one that runs, else starts one in the foreground as a child
 * (which takes root) and waits until both readers take cards. Rejects only with the signal's reason.
 */
export async function startPcscd(clock: Clock, signal: AbortSignal): Promise<PcscdStart> {
  const state = await probePcscd(pcscdSocketPath, 2_000, signal);
  if (state === "silent") return unavailable("pcscd hangs; restart it: systemctl restart pcscd");
  if (state === "denied") return unavailable("pcscd turns this user away; run as root");
  if (state === "answers") {
    if (await virtualReadersListen(clock, signal)) return { status: "running", pcscd: foreign };
    return unavailable(`the pcscd that runs has no virtual readers; as root: ${remedy}, then restart pcscd`);
  }
  const missing = missingForPcscd();
  if (missing !== undefined) return unavailable(missing);
  const pcscd = new OwnPcscd(spawn(binary, ["--foreground"], { stdio: "ignore" }), clock);
  if (await virtualReadersListen(clock, signal, pcscd)) return { status: "running", pcscd };
  await pcscd.stop();
  return unavailable(`pcscd did not come up with its virtual readers; try it by hand: ${binary} --foreground --debug`);
}

/** What keeps this process from starting a pcscd with virtual readers, in one line with the remedy; `undefined` when nothing does. */
export function missingForPcscd(): string | undefined {
  if (!existsSync(binary) || !existsSync(readerConfig)) return `pcscd or vpcd is not installed; as root: ${remedy}`;
  if (process.getuid?.() !== 0) return "starting pcscd takes root; as root: pcscd";
  return undefined;
}

function unavailable(reason: string): PcscdStart {
  return { status: "unavailable", reason };
}

async function virtualReadersListen(clock: Clock, signal: AbortSignal, own?: OwnPcscd): Promise<boolean> {
  const until = clock.monotonic() + (own ? readyWithinMs : 0);
  for (;;) {
    const listens = virtualReaders.every(({ port }) => isListening(port));
    if (listens && (await probePcscd(pcscdSocketPath, 1_000, signal)) === "answers") return true;
    if (clock.monotonic() >= until || own?.hasExited === true) return false;
    await clock.sleep(pollMs, signal);
  }
}

/** Asks the kernel, not the port: a connection would be a card on the reader. */
function isListening(port: number): boolean {
  const listening = new RegExp(`:${port.toString(16).toUpperCase().padStart(4, "0")} 0+:0000 0A`);
  return ["/proc/net/tcp", "/proc/net/tcp6"].some((path) => {
    try {
      return listening.test(readFileSync(path, "latin1"));
    } catch {
      return false;
    }
  });
}

/** A pcscd that was there before: not ours to stop. */
const foreign: Pcscd = {
  pid: undefined,
  stop: () => Promise.resolve(),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

class OwnPcscd implements Pcscd {
  readonly #process: ChildProcess;
  readonly #clock: Clock;
  readonly #exited: Promise<void>;

  constructor(child: ChildProcess, clock: Clock) {
    this.#process = child;
    this.#clock = clock;
    this.#exited = new Promise((resolve) => {
      child.on("exit", () => resolve());
      child.on("error", () => resolve());
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get hasExited(): boolean {
    return this.#process.pid === undefined || this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (this.hasExited) return;
    this.#process.kill(signal);
    const gone = new AbortController();
    const patience = this.#clock.sleep(stopWithinMs, gone.signal).then(
      () => void this.#process.kill("SIGKILL"),
      () => undefined,
    );
    await this.#exited;
    gone.abort();
    await patience;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}
