import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll } from "vitest";
import { SystemClock } from "../../drivers/system-clock.ts";
import { startPcscd, type Pcscd } from "../../drivers/nfc/pcscd.ts";
import { probePcscd, pcscdSocketPath } from "../../drivers/nfc/pcscd-probe.ts";
import { lockVirtualReaders } from "../../drivers/nfc/virtual-reader-lock.ts";
import { TempFolder } from "./temp-folder.ts";
import { until } from "./until.ts";

const never = new AbortController().signal;
const clock = new SystemClock();

/** A machine has one pcscd: others (a demo, another run of the tests) get this long to be done with theirs. */
const othersMs = 180_000;

/** A real pcscd with the virtual readers of vpcd, for one test file: started, stopped and killed at will. */
export class PcscdUnderTest implements AsyncDisposable {
  readonly #lock: AsyncDisposable;
  readonly #noReaders = new TempFolder();
  #pcscd: Pcscd | undefined;
  #bare: ChildProcess | undefined;

  private constructor(lock: AsyncDisposable) {
    this.#lock = lock;
  }

  /** Takes the machine's virtual readers, waiting for their holder; no pcscd runs yet. */
  static async reserve(): Promise<PcscdUnderTest> {
    const lock = await lockVirtualReaders(othersMs, clock, never);
    if (!lock) throw new Error("another process holds the virtual readers");
    const idle = async () => (await probePcscd(pcscdSocketPath, 1_000, never)) === "absent";
    await until(idle, { timeoutMs: othersMs, everyMs: 500, what: "the end of somebody else's pcscd" });
    return new PcscdUnderTest(lock);
  }

  /** Process id of the pcscd that runs. */
  get pid(): number {
    if (this.#pcscd?.pid === undefined) throw new Error("pcscd was not started");
    return this.#pcscd.pid;
  }

  /**
   * Starts pcscd without any reader, as it is where they were unplugged: PC/SC-lite takes a reader of vpcd for one that is soldered in, and
   * never for gone.
   */
  async startWithoutReaders(): Promise<void> {
    const words = ["--foreground", "--config", this.#noReaders.path];
    this.#bare = spawn("/usr/sbin/pcscd", words, { stdio: "ignore" });
    const answers = async () => (await probePcscd(pcscdSocketPath, 1_000, never)) === "answers";
    await until(answers, { what: "a pcscd without readers" });
  }

  /** Starts pcscd and waits until both virtual readers take cards. */
  async start(): Promise<void> {
    const started = await startPcscd(clock, never);
    if (started.status === "unavailable") throw new Error(started.reason);
    this.#pcscd = started.pcscd;
  }

  /** Stops pcscd, in order or not, and waits until it is gone. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    await this.#pcscd?.stop(signal);
    this.#pcscd = undefined;
    const bare = this.#bare;
    this.#bare = undefined;
    if (bare === undefined || bare.exitCode !== null || bare.signalCode !== null) return;
    const gone = once(bare, "exit");
    bare.kill(signal);
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    this.#noReaders[Symbol.dispose]();
    await this.#lock[Symbol.asyncDispose]();
  }
}

/** A pcscd for the tests of the block this is called in: it runs before the first of them and is gone after the last. Answers how to reach it. */
export function pcscdForBlock(): () => PcscdUnderTest {
  let pcscd: PcscdUnderTest | undefined;

  beforeAll(
    async () => {
      pcscd = await PcscdUnderTest.reserve();
      await pcscd.start();
    },
    2 * othersMs + 40_000,
  );

  afterAll(async () => {
    await pcscd?.[Symbol.asyncDispose]();
  });

  return () => {
    if (pcscd === undefined) throw new Error("pcscd runs only while tests do");
    return pcscd;
  };
}
