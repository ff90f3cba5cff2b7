import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseReportDescriptor } from "../drivers/hid/report-descriptor.ts";
import { pageOf, pages, usages } from "../drivers/hid/usages.ts";
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
  const announces = descriptor && purposesOf(descriptor);
  if (announces?.length === 0) return undefined;
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
    announces: announces ?? [],
  };
}

/**
 * What the application collections of a report descriptor stand for, by the HID Usage Tables and the HID Point of Sale Usage Tables;
 * `undefined` where it is malformed, so that the driver cannot read the device. Never throws.
 */
export function purposesOf(descriptor: Uint8Array): readonly HidPurpose[] | undefined {
  const parsed = parseReportDescriptor(descriptor);
  if (parsed.status === "malformed") return undefined;
  return [...new Set(parsed.descriptor.applications.flatMap((application) => purposeOf(application) ?? []))];
}

function purposeOf(application: number): HidPurpose | undefined {
  const page = pageOf(application);
  if (page === pages.scanner) return "barcode-scanner";
  if (page === pages.magneticStripe) return "magnetic-stripe";
  if (application === usages.keyboard) return "keyboard";
  return page >= pages.vendorDefined ? "vendor-defined" : undefined;
}
