import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FoundHid, HidPurpose } from "./cli/found-device.ts";
import { namesIn, textOf } from "./cli/machine-files.ts";

/** A HID interface without its item for the configuration. */
export type BareHid = Omit<FoundHid, "yaml">;

/**
 * The HID interfaces of this machine (Documentation/hid/hidraw.rst) that announce something of use, or do not say. Mice, displays and
 * scales are passed over.
 */
export async function foundHids(root: string): Promise<readonly BareHid[]> {
  const folder = join(root, "sys/class/hidraw");
  const found = await Promise.all((await namesIn(folder)).map((name) => foundHid(join(folder, name, "device"), name)));
  return found.filter((hid) => hid !== undefined);
}

async function foundHid(device: string, node: string): Promise<BareHid | undefined> {
  const uevent = await textOf(device, "uevent");
  const value = (key: string): string => new RegExp(`^${key}=(.*)$`, "m").exec(uevent)?.[1]?.trim() ?? "";
  // Bus, vendor and product, each in hexadecimal with leading zeros.
  const ids = /^[0-9a-f]{4}:0{4}([0-9a-f]{4}):0{4}([0-9a-f]{4})$/i.exec(value("HID_ID"));
  if (ids === null) return undefined;
  const descriptor = await readFile(join(device, "report_descriptor")).catch(() => undefined);
  const announces = descriptor === undefined ? [] : purposesOf(descriptor);
  if (descriptor !== undefined && announces.length === 0) return undefined;
  const [vendorId = "", productId = ""] = ids.slice(1).map((digits) => digits.toLowerCase());
  const serial = value("HID_UNIQ");
  return {
    kind: "hid",
    path: `/dev/${node}`,
    name: value("HID_NAME") || `${vendorId}:${productId}`,
    vendorId,
    productId,
    ...(serial !== "" && { serial }),
    port: value("HID_PHYS").replace(/\/input\d+$/, "") || node,
    announces,
  };
}

/** Items of a report descriptor that matter, size bits cleared (Device Class Definition for HID 1.11, 6.2.2). */
const tags = { usagePage: 0x04, usage: 0x08, input: 0x80, output: 0x90, collection: 0xa0, feature: 0xb0, end: 0xc0 };
const longItem = 0xfe;
const application = 1;

/**
 * What the application collections of a report descriptor stand for, by the HID Usage Tables and the HID Point of Sale Usage Tables.
 * Reads as far as the bytes make sense; never throws.
 */
export function purposesOf(descriptor: Uint8Array): readonly HidPurpose[] {
  const purposes = new Set<HidPurpose>();
  let page = 0;
  let usage: number | undefined;
  for (let at = 0; at < descriptor.length;) {
    const prefix = descriptor[at] ?? 0;
    const size = prefix === longItem ? 2 + (descriptor[at + 1] ?? 0) : ([0, 1, 2, 4][prefix & 3] ?? 0);
    const value = prefix === longItem ? 0 : numberAt(descriptor, at + 1, size);
    const tag = prefix === longItem ? longItem : prefix & 0xfc;
    if (tag === tags.usagePage) page = value & 0xffff;
    // A usage of four bytes brings its own page (6.2.2.8). The first one names the collection.
    if (tag === tags.usage) usage ??= size === 4 ? value : page * 0x1_0000 + value;
    if (tag === tags.collection && value === application && usage !== undefined) {
      const purpose = purposeOf(Math.floor(usage / 0x1_0000), usage % 0x1_0000);
      if (purpose !== undefined) purposes.add(purpose);
    }
    // Any main item ends what was said locally.
    if ([tags.input, tags.output, tags.feature, tags.collection, tags.end].includes(tag)) usage = undefined;
    at += 1 + size;
  }
  return [...purposes];
}

function purposeOf(page: number, usage: number): HidPurpose | undefined {
  if (page === 0x8c) return "barcode-scanner";
  if (page === 0x8e) return "magnetic-stripe";
  if (page === 0x01 && usage === 0x06) return "keyboard";
  return page >= 0xff00 ? "vendor-defined" : undefined;
}

/** Little-endian, unsigned; bytes that are not there count as 0. */
function numberAt(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let index = 0; index < size; index += 1) value += (bytes[at + index] ?? 0) * 2 ** (8 * index);
  return value;
}
