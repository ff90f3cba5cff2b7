import { readFile, realpath } from "node:fs/promises";
import { basename } from "node:path";
import type { Device, HIDAsync } from "node-hid";
import { StoreloopError } from "../../agent/core/errors.ts";
import type { HidAccess, HidListener, HidNode, OpenHidNode } from "./hid.ts";

/** Opens node-hid with its hidraw driver. See {@link import("./hid.ts").OpenHid}. */
export async function openNodeHid(): Promise<HidAccess> {
  const library = await loadLibrary();
  const open = async (path: string, listener: HidListener): Promise<OpenHidNode> => {
    try {
      return new ReadingNode(await library.HIDAsync.open(path), listener);
    } catch (error) {
      throw explained(error, path);
    }
  };
  const list = async (): Promise<readonly HidNode[]> => {
    // A device with several usages is listed once for each of them.
    const byPath = new Map((await library.devicesAsync()).map((device) => [device.path ?? "", device]));
    byPath.delete("");
    return await Promise.all([...byPath].map(([path, device]) => nodeOf(path, device)));
  };
  return { list, open, resolve: (path) => realpath(path).catch(() => path) };
}

async function loadLibrary(): Promise<typeof import("node-hid")> {
  try {
    const library = await import("node-hid");
    // libusb would take the device away from the kernel, and with it a keyboard from whoever types on it.
    library.setDriverType("hidraw");
    library.getHidapiVersion();
    return library;
  } catch (cause) {
    throw new StoreloopError("HID_LIBRARY_MISSING", "node-hid could not be loaded", { cause });
  }
}

/** hidraw(4) has the descriptor and the socket in sysfs, for everybody to read. */
async function nodeOf(path: string, device: Device): Promise<HidNode> {
  const folder = `/sys/class/hidraw/${basename(path)}/device`;
  const [descriptor, uevent] = await Promise.all([
    readFile(`${folder}/report_descriptor`).catch(() => undefined),
    readFile(`${folder}/uevent`, "utf8").catch(() => ""),
  ]);
  return {
    path,
    vendorId: device.vendorId,
    productId: device.productId,
    name: [device.manufacturer, device.product].filter(Boolean).join(" "),
    serial: device.serialNumber ?? "",
    phys: /^HID_PHYS=(?<phys>.*)$/m.exec(uevent)?.groups?.["phys"] ?? "",
    descriptor,
  };
}

/** The library gives no error codes, only texts with that of strerror(3) at their end. */
function explained(error: unknown, path: string): StoreloopError {
  const text = error instanceof Error ? error.message : String(error);
  const code = /denied|not permitted|EACCES|EPERM/i.test(text)
    ? "HID_DENIED"
    : /No such|ENOENT|ENODEV|ENXIO/i.test(text)
      ? "HID_DEVICE_GONE"
      : "HID_DEVICE_FAILED";
  return new StoreloopError(code, `${path}: ${text}`, { cause: error });
}

/** node-hid reads each device in a thread of its own, so that one which never answers holds up no other. */
class ReadingNode implements OpenHidNode {
  readonly #device: HIDAsync;
  #closing: Promise<void> | undefined;

  constructor(device: HIDAsync, listener: HidListener) {
    this.#device = device;
    device.on("error", (error: unknown) => listener.failed(error instanceof Error ? error : new Error(String(error))));
    device.on("data", (bytes: Uint8Array) => listener.report(bytes));
  }

  async sendFeature(reportId: number, payload: readonly number[]): Promise<void> {
    await this.#device.sendFeatureReport([reportId, ...payload]);
  }

  async close(): Promise<void> {
    // An error here means that it is gone already, which is what was asked for.
    this.#closing ??= this.#device.close().catch(() => undefined);
    await this.#closing;
  }
}
