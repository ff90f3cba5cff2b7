import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { describe, expect, it } from "vitest";
import { asDeviceId, asLaneId } from "../../../agent/core/ids.ts";
import type { Observation } from "../../../agent/core/observation.ts";
import { createPrintFolder, type PrintFolder, type PrintFolderOptions } from "../../../drivers/folder/print-folder.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { LogLines } from "../../support/log-lines.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { PipelineUnderTest } from "../../support/pipeline.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { until } from "../../support/until.ts";

/** A folder, a driver that watches it, and a real ledger behind it; may be killed and started again. */
class WatchedFolder implements AsyncDisposable {
  readonly #folder = new TempFolder();
  readonly path = this.#folder.file("out");
  readonly #options: PrintFolderOptions;
  readonly offered: Observation[] = [];
  #pipeline: PipelineUnderTest | undefined;
  #driver: PrintFolder | undefined;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(options: Partial<PrintFolderOptions> = {}) {
    mkdirSync(this.path);
    this.#options = {
      deviceId: asDeviceId("till-9-files"),
      laneId: asLaneId("09"),
      folder: this.path,
      names: "*.prn",
      content: "files",
      settleMs: 40,
      afterwards: "leave",
      moveTo: this.file("read"),
      scanMs: 60,
      ...options,
    };
  }

  file(name: string): string {
    return `${this.path}/${name}`;
  }

  /** `most`: dies, as `kill -9` does, after so many offers. */
  async start(most = Infinity): Promise<void> {
    const pipeline = await PipelineUnderTest.start(this.#folder, new ManualClock(), { outlives: true });
    this.#pipeline = pipeline;
    this.#stop = new AbortController();
    const parts = { clock: new SystemClock(), logger: new LogLines(), ledger: pipeline.ledger };
    this.#driver = createPrintFolder(this.#options, parts);
    let left = most;
    this.#running = this.#driver.run((observation) => {
      if ((left -= 1) < 0) return new Promise(() => {});
      this.offered.push(observation);
      return pipeline.offer(observation);
    }, this.#stop.signal);
  }

  async kill(): Promise<void> {
    this.#stop.abort(new Error("killed"));
    await this.#running;
    this.#pipeline?.kill();
  }

  get slips(): readonly string[] {
    return this.#pipeline?.slips().map(([status, text]) => `${status} ${text}`) ?? [];
  }

  get health() {
    return this.#driver?.devices()[0]?.health;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    this.#folder[Symbol.dispose]();
  }
}

/** Waits for so many slips, and looks what they are. */
async function expectRecorded(watched: WatchedFolder, ...expected: readonly string[]): Promise<void> {
  await until(() => watched.slips.length >= expected.length, { what: expected.join() });
  expect(watched.slips).toEqual(expected.map((text) => `completed ${text}`));
}

describe("watched folder of whole files", () => {
  it("reads each file once when it is complete, however it is written, and leaves it", async () => {
    await using watched = new WatchedFolder();
    writeFileSync(watched.file("0.prn"), "sale 0|");
    await watched.start();
    await expectRecorded(watched, "sale 0");
    writeFileSync(watched.file("1.tmp"), "sale 1|");
    renameSync(watched.file("1.tmp"), watched.file("1.prn"));
    await expectRecorded(watched, "sale 0", "sale 1");
    for (const part of ["sa", "le", " 2|"]) appendFileSync(watched.file("2.prn"), part);
    writeFileSync(watched.file("notes.txt"), "no sale|");
    await expectRecorded(watched, "sale 0", "sale 1", "sale 2");
    expect(readdirSync(watched.path).toSorted()).toEqual(["0.prn", "1.prn", "2.prn", "notes.txt"]);
  });

  it("reads nothing again after a restart, and what came meanwhile once", async () => {
    await using watched = new WatchedFolder();
    writeFileSync(watched.file("1.prn"), "sale 1|");
    await watched.start();
    await expectRecorded(watched, "sale 1");
    await watched.kill();
    writeFileSync(watched.file("2.prn"), "sale 2|");
    watched.offered.length = 0;
    await watched.start();
    await expectRecorded(watched, "sale 1", "sale 2");
    const read = watched.offered.flatMap((each) =>
      each.kind === "print-bytes" ? [Buffer.from(each.bytes).toString()] : [],
    );
    expect(read).toEqual(["sale 2|"]);
  });

  it("finishes what a kill interrupted, after any number of offers", async () => {
    const text = "sale 1|sale 2|";
    for (let offers = 0; offers < 4; offers += 1) {
      await using watched = new WatchedFolder();
      writeFileSync(watched.file("1.prn"), text);
      writeFileSync(watched.file("2.prn"), "sale 3|");
      await watched.start(offers);
      await until(() => watched.offered.length === offers);
      await watched.kill();
      await watched.start();
      await expectRecorded(watched, "sale 1", "sale 2", "sale 3");
    }
  });

  it("reads a file that is written anew under the same name", async () => {
    await using watched = new WatchedFolder();
    await watched.start();
    writeFileSync(watched.file("receipt.prn"), "sale 1|");
    await expectRecorded(watched, "sale 1");
    writeFileSync(watched.file("receipt.prn"), "sale 2|");
    await expectRecorded(watched, "sale 1", "sale 2");
  });

  it.each(["delete", "move"] as const)("may %s a file, once it is durable", async (afterwards) => {
    await using watched = new WatchedFolder({ afterwards });
    writeFileSync(watched.file("1.prn"), "sale 1|");
    await watched.start(0);
    await until(() => watched.health?.state === "up");
    await watched.kill();
    expect(existsSync(watched.file("1.prn"))).toBe(true);
    await watched.start();
    await expectRecorded(watched, "sale 1");
    await until(() => !existsSync(watched.file("1.prn")));
    writeFileSync(watched.file("1.prn"), "sale 2|");
    await expectRecorded(watched, "sale 1", "sale 2");
    await until(() => !existsSync(watched.file("1.prn")));
    expect(existsSync(watched.file("read")) ? readdirSync(watched.file("read")).length : 0).toBe(
      afterwards === "move" ? 2 : 0,
    );
  });

  it("reads a file that is written anew among hundreds that nobody tidied away", async () => {
    await using watched = new WatchedFolder({ settleMs: 40 });
    const names = Array.from({ length: 700 }, (_, n) => `${1000 + n}.prn`);
    for (const name of names) writeFileSync(watched.file(name), `sale ${name}|`);
    await watched.start();
    await until(() => watched.slips.length === names.length, { timeoutMs: 60_000, what: "all files" });
    writeFileSync(watched.file("1000.prn"), "sale anew|");
    await until(() => watched.slips.includes("completed sale anew"));
    writeFileSync(watched.file("1700.prn"), "sale last|");
    await until(() => watched.slips.includes("completed sale last"));
    expect(watched.slips).toHaveLength(names.length + 2);
  });

  it("names a file that cannot be put away until a person takes it away", async () => {
    await using watched = new WatchedFolder({ afterwards: "move" });
    writeFileSync(watched.file("read"), "no folder");
    writeFileSync(watched.file("1.prn"), "sale 1|");
    await watched.start();
    await until(() => watched.health?.detail?.startsWith("1.prn"));
    expect(watched.health?.state).toBe("down");
    rmSync(watched.file("1.prn"));
    await until(() => watched.health?.state === "up");
    expect(watched.slips).toEqual(["completed sale 1"]);
  });

  it("waits for a folder that is not there, and takes it up when it comes", async () => {
    await using watched = new WatchedFolder();
    rmSync(watched.path, { recursive: true });
    await watched.start();
    await until(() => watched.health?.code === "FOLDER_MISSING");
    mkdirSync(watched.path);
    writeFileSync(watched.file("1.prn"), "sale 1|");
    await expectRecorded(watched, "sale 1");
    expect(watched.health?.state).toBe("up");
  });
});

describe("watched folder of journals", () => {
  const journal = { content: "journal", names: "ej.log" } as const;

  it("follows a journal as it grows, byte by byte, over restarts", async () => {
    await using watched = new WatchedFolder(journal);
    await watched.start();
    const text = "sale 1|sale 2|sale 3|";
    for (const [index, character] of text.split("").entries()) {
      appendFileSync(watched.file("ej.log"), character);
      if (index % 5 !== 4) continue;
      await until(() => watched.offered.reduce((sum, each) => sum + lengthOf(each), 0) > index);
      await watched.kill();
      await watched.start();
    }
    await expectRecorded(watched, "sale 1", "sale 2", "sale 3");
    expect(watched.offered.reduce((sum, each) => sum + lengthOf(each), 0)).toBe(text.length);
  });

  it("reads a journal that is put aside to its end, and then the new one", async () => {
    await using watched = new WatchedFolder(journal);
    writeFileSync(watched.file("ej.log"), "sale 1|sa");
    await watched.start();
    await expectRecorded(watched, "sale 1");
    appendFileSync(watched.file("ej.log"), "le 2|");
    renameSync(watched.file("ej.log"), watched.file("ej.log.1"));
    writeFileSync(watched.file("ej.log"), "sale 3|");
    await until(() => watched.slips.length === 3);
    expect(watched.slips.toSorted()).toEqual(["completed sale 1", "completed sale 2", "completed sale 3"]);
  });

  it("reads a journal to its end that was put aside while nobody looked", async () => {
    await using watched = new WatchedFolder(journal);
    writeFileSync(watched.file("ej.log"), "sale 1|sa");
    await watched.start();
    await expectRecorded(watched, "sale 1");
    await watched.kill();
    appendFileSync(watched.file("ej.log"), "le 2|");
    renameSync(watched.file("ej.log"), watched.file("ej.old"));
    writeFileSync(watched.file("other.log"), "no sale|");
    await watched.start();
    await expectRecorded(watched, "sale 1", "sale 2");
  });

  it.each(["running", "stopped"])("begins again when a journal is emptied and written anew while %s", async (state) => {
    await using watched = new WatchedFolder(journal);
    writeFileSync(watched.file("ej.log"), "sale 1|");
    await watched.start();
    await expectRecorded(watched, "sale 1");
    if (state === "stopped") await watched.kill();
    truncateSync(watched.file("ej.log"));
    appendFileSync(watched.file("ej.log"), "sale 2 is longer than the first|");
    if (state === "stopped") await watched.start();
    await expectRecorded(watched, "sale 1", "sale 2 is longer than the first");
    appendFileSync(watched.file("ej.log"), "sale 3|");
    await expectRecorded(watched, "sale 1", "sale 2 is longer than the first", "sale 3");
  });
});

function lengthOf(each: Observation): number {
  return each.kind === "print-bytes" ? each.bytes.length : 0;
}
