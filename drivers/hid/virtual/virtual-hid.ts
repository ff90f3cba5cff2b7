import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface, type Interface } from "node:readline";
import { fileURLToPath } from "node:url";
import { virtualHidEnvironment, type VirtualHidEnvironment } from "./environment.ts";

/** A device to plug in: its interfaces get the device files `/dev/hidraw<node>`. */
export interface VirtualHidDevice {
  /** The socket, as the kernel names it, e.g. `1-2`. */
  readonly port: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly serial: string;
  readonly manufacturer: string;
  readonly product: string;
  readonly nodes: readonly { readonly node: number; readonly descriptor: Uint8Array }[];
  /** Its open device files break when it is unplugged, as real ones do; the price is that reports in quick succession may be joined. */
  readonly breaks?: boolean;
}

/** What came of asking for virtual devices: `unavailable` says in one line what is missing and what to do. */
export type VirtualHidStart =
  | { readonly status: "running"; readonly hid: VirtualHid }
  | { readonly status: "unavailable"; readonly reason: string };

const wrapper = "/usr/bin/umockdev-wrapper";
const python = "/usr/bin/python3";
const script = fileURLToPath(new URL("./testbed.py", import.meta.url));
const remedy = "as root: apt-get install -y --no-install-recommends umockdev gir1.2-umockdev-1.0 python3-gi";

/** What keeps this machine from having virtual HID devices, in one line with the remedy; `undefined` when nothing does. */
export function missingForVirtualHid(): string | undefined {
  if (!existsSync(wrapper) || !existsSync(python)) return `umockdev is not installed; ${remedy}`;
  const check = "import gi; gi.require_version('UMockdev', '1.0'); from gi.repository import UMockdev";
  const { status } = spawnSync(python, ["-c", check], { stdio: "ignore", timeout: 10_000 });
  return status === 0 ? undefined : `umockdev has no binding for Python; ${remedy}`;
}

/**
 * Virtual HID devices by umockdev, for a process that is started with {@link VirtualHid.environment}: the real node-hid then finds
 * and reads them through sysfs and /dev as it would real ones. Unplugging takes a device out of sysfs; its open device files fall
 * silent, and break only where so asked.
 */
export class VirtualHid implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #lines: Interface;
  readonly #answers: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  #root = "";

  private constructor(process: ChildProcess, lines: Interface) {
    this.#process = process;
    this.#lines = lines;
  }

  /** Starts an empty test bed. It ends with {@link VirtualHid[Symbol.asyncDispose]}, or when this process does. */
  static async start(): Promise<VirtualHidStart> {
    const missing = missingForVirtualHid();
    if (missing !== undefined) return { status: "unavailable", reason: missing };
    const child = spawn(wrapper, [python, script], { stdio: ["pipe", "pipe", "ignore"] });
    const hid = new VirtualHid(child, createInterface({ input: child.stdout }));
    return (await hid.#begin())
      ? { status: "running", hid }
      : { status: "unavailable", reason: `umockdev does not start; try it by hand: ${wrapper} ${python} ${script}` };
  }

  /** What a process that is to see the devices needs in its environment. A daemon may be handed `UMOCKDEV_DIR` alone and add the rest. */
  get environment(): VirtualHidEnvironment {
    return virtualHidEnvironment(this.#root);
  }

  /** Process id of the test bed, which answers the devices' ioctls: where it is stopped, a device never opens. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Plugs a device in. */
  async plug({ nodes, breaks = false, ...device }: VirtualHidDevice): Promise<void> {
    const described = nodes.map(({ node, descriptor }) => ({ node, descriptor: hexOf(descriptor) }));
    await this.#tell({ plug: { ...device, breaks, nodes: described } });
  }

  /** Takes the device at a socket out. */
  async unplug(port: string): Promise<void> {
    await this.#tell({ unplug: { port } });
  }

  /** Sends an input report. Resolves when it was read; rejects when nobody did within two seconds. */
  async report(node: number, report: Uint8Array): Promise<void> {
    await this.#tell({ report: { node, hex: hexOf(report) } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, "exit");
    this.#process.stdin?.end();
    await exited;
  }

  async #begin(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    this.#process.on("error", () => resolve(false));
    this.#process.on("exit", () => {
      resolve(false);
      for (const { reject } of this.#answers.splice(0)) reject(new Error("umockdev has ended"));
    });
    this.#process.stdin?.on("error", () => undefined);
    this.#lines.on("line", (line) => {
      const answer = parsed(line);
      if (answer.root !== undefined) {
        this.#root = answer.root;
        resolve(true);
        return;
      }
      const waiting = this.#answers.shift();
      if (answer.error === undefined) waiting?.resolve();
      else waiting?.reject(new Error(answer.error));
    });
    return await promise;
  }

  async #tell(command: object): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#answers.push({ resolve, reject });
    this.#process.stdin?.write(`${JSON.stringify(command)}\n`);
    await promise;
  }
}

/** umockdev says in plain words why it gives up, and then ends. */
function parsed(line: string): { readonly root?: string; readonly error?: string } {
  try {
    return JSON.parse(line) as { readonly root?: string; readonly error?: string };
  } catch {
    return { error: line };
  }
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
