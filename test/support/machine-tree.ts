import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { dirname, join } from "node:path";

/** A HID interface, as the kernel's uevent and descriptor tell it. */
export interface TreeHid {
  /** Vendor and product, e.g. `0c2e:0b61`. */
  readonly ids: string;
  readonly name: string;
  readonly serial?: string;
  /** Where it is plugged in, e.g. `usb-0000:00:14.0-2/input0`. */
  readonly place: string;
  /** Without one it cannot be read. */
  readonly descriptor?: Uint8Array;
}

/** A device on USB. */
export interface TreeUsb {
  readonly ids: string;
  readonly maker?: string;
  readonly product?: string;
  readonly serial?: string;
  /** bInterfaceClass of its one interface, and the driver that has it. */
  readonly class: string;
  readonly driver?: string;
}

/** The folders `sys`, `dev`, `proc`, `etc` and so on of a machine, laid out as Linux does, links included. */
export class MachineTree {
  readonly root: string;
  readonly #servers: Server[] = [];

  constructor(root: string) {
    this.root = root;
    // A program of the service's user, which may do nothing of its own.
    this.process("self", { uid: 998, capabilities: 0n });
  }

  write(path: string, content: string | Uint8Array): void {
    const at = join(this.root, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, content);
  }

  link(path: string, target: string): void {
    const at = join(this.root, path);
    mkdirSync(dirname(at), { recursive: true });
    symlinkSync(target, at);
  }

  hid(node: string, { ids, name, serial = "", place, descriptor }: TreeHid): void {
    const [vendor = "", product = ""] = ids.toUpperCase().split(":");
    const id = `0003:0000${vendor}:0000${product}`;
    const device = `sys/devices/pci0000:00/usb1/0003:${vendor}:${product}.${node}`;
    const phys = `HID_PHYS=${place}\nHID_UNIQ=${serial}\n`;
    this.write(`${device}/uevent`, `DRIVER=hid-generic\nHID_ID=${id}\nHID_NAME=${name}\n${phys}MODALIAS=hid:b0003\n`);
    if (descriptor !== undefined) this.write(`${device}/report_descriptor`, descriptor);
    this.link(`${device}/hidraw/${node}/device`, "../..");
    this.link(`sys/class/hidraw/${node}`, join("../..", device.slice("sys/".length), "hidraw", node));
    this.write(`dev/${node}`, "");
  }

  usb(port: string, { ids, maker, product, serial, class: kind, driver }: TreeUsb): void {
    const device = `sys/devices/pci0000:00/usb1/${port}`;
    const [vendor = "", id = ""] = ids.split(":");
    const files = { idVendor: vendor, idProduct: id, manufacturer: maker, product, serial };
    for (const [file, text] of Object.entries(files))
      if (text !== undefined) this.write(`${device}/${file}`, `${text}\n`);
    this.write(`${device}/${port}:1.0/bInterfaceClass`, `${kind}\n`);
    if (driver !== undefined) this.link(`${device}/${port}:1.0/driver`, `../../../../bus/usb/drivers/${driver}`);
    this.link(`sys/bus/usb/devices/${port}`, `../../../devices/pci0000:00/usb1/${port}`);
    this.link(`sys/bus/usb/devices/${port}:1.0`, `../../../devices/pci0000:00/usb1/${port}/${port}:1.0`);
  }

  /** A serial port with, where it has one, its stable name. It is a plain file: nobody without rights can make a device. */
  serial(node: string, byId?: string): void {
    this.write(`dev/${node}`, "");
    if (byId !== undefined) this.link(`dev/serial/by-id/${byId}`, `../../${node}`);
  }

  bluetooth(adapter: number, block: { readonly soft?: boolean; readonly hard?: boolean } = {}): void {
    const device = `sys/devices/pci0000:00/usb1/1-9/bluetooth/hci${adapter}`;
    const flag = (on: boolean | undefined): string => `${on === true ? 1 : 0}\n`;
    const files = { type: "bluetooth\n", name: `hci${adapter}\n`, soft: flag(block.soft), hard: flag(block.hard) };
    for (const [file, text] of Object.entries(files)) this.write(`${device}/rfkill${adapter}/${file}`, text);
    this.link(`${device}/rfkill${adapter}/device`, `../../hci${adapter}`);
    this.link(`sys/class/bluetooth/hci${adapter}`, `../../${device.slice("sys/".length)}`);
    this.link(`sys/class/rfkill/rfkill${adapter}`, `../../${device.slice("sys/".length)}/rfkill${adapter}`);
  }

  process(pid: number | "self", { uid = 0, capabilities = 0n, name = "node" }): void {
    const digits = capabilities.toString(16).padStart(16, "0");
    this.write(`proc/${pid}/status`, `Name:\t${name}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\nCapEff:\t${digits}\n`);
    this.write(`proc/${pid}/comm`, `${name}\n`);
  }

  modules(...names: readonly string[]): void {
    this.write("proc/modules", names.map((name) => `${name} 28672 0 - Live 0x0000000000000000\n`).join(""));
  }

  /** A pcscd that answers with these readers, or, without any said, takes connections and is silent. */
  async pcscd(readers?: readonly string[]): Promise<void> {
    this.write("usr/sbin/pcscd", "");
    mkdirSync(join(this.root, "run/pcscd"), { recursive: true });
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      if (readers === undefined) return;
      let asked = 0;
      socket.on("data", (chunk) => {
        const before = asked;
        asked += chunk.length;
        // The version's request is 20 bytes, that for the readers 8.
        if (before < 20 && asked >= 20) socket.write(Buffer.from(Uint32Array.of(4, 4, 0).buffer));
        if (before < 28 && asked >= 28) socket.write(readerStates(readers));
      });
    }).listen(join(this.root, "run/pcscd/pcscd.comm"));
    this.#servers.push(server);
    await once(server, "listening");
  }

  /** Ends what was started. The folders go with their root. */
  close(): void {
    for (const server of this.#servers) server.close();
  }
}

/** Sixteen states of 184 bytes, each beginning with its name (pcsc-lite 1.9.9, eventhandler.h). */
function readerStates(readers: readonly string[]): Buffer {
  const states = Buffer.alloc(16 * 184);
  for (const [index, name] of readers.entries()) states.write(name, index * 184, "utf8");
  return states;
}
