import type { HidDeviceConfig } from "./device-config.ts";
import type { HidNode } from "./hid.ts";

/** A node that is worth opening. */
export interface MatchableNode extends HidNode {
  /** Whether it is a scanner or stripe reader by its descriptor, and not just a keyboard. */
  readonly isReader: boolean;
}

/** Which device a node is part of: interfaces of one device share its socket. */
export function deviceOf({ vendorId, productId, serial, phys, path }: HidNode): string {
  const socket = phys === "" ? path : (phys.split("/", 1)[0] ?? "");
  return `${vendorId}:${productId}:${serial}:${socket}`;
}

/**
 * Gives each node to the configured device that it fits best; answers by index into `configs`. A configured device takes the interfaces of
 * one plugged-in device only, and keeps the one it has (`held`, by index, as {@link deviceOf} names it) while that is there. Whatever nobody
 * asked for is left alone: the keyboard of the shop above all.
 */
export function matchDevices<N extends MatchableNode>(
  nodes: readonly N[],
  configs: readonly HidDeviceConfig[],
  held: readonly (string | undefined)[],
): readonly (readonly N[])[] {
  const present = new Set(nodes.map(deviceOf));
  const taken = held.map((device) => (device !== undefined && present.has(device) ? device : undefined));
  const offers = nodes
    .flatMap((node) => configs.map((config, index) => ({ node, index, fit: fitOf(node, config) })))
    .filter(({ fit }) => fit >= 0)
    .toSorted((a, b) => b.fit - a.fit);
  const given = configs.map((): N[] => []);
  const done = new Set<string>();
  // First what is held, so that nothing that runs is moved; then by fit.
  const [kept, others] = [offers.filter(isHeld), offers.filter((offer) => !isHeld(offer))];
  for (const { node, index } of [...kept, ...others]) {
    const device = deviceOf(node);
    const isElsewhere = taken.some((other, at) => other === device && at !== index);
    if (done.has(node.path) || isElsewhere || (taken[index] ?? device) !== device) continue;
    taken[index] = device;
    given[index]?.push(node);
    done.add(node.path);
  }
  return given;

  function isHeld({ node, index }: { readonly node: N; readonly index: number }): boolean {
    return taken[index] === deviceOf(node);
  }
}

/** How well a node fits: the sum of what is configured and fits, the most telling weighing most; -1 when anything does not. */
function fitOf(node: MatchableNode, { vendorId, productId, serial, path }: HidDeviceConfig): number {
  const asked = [
    { weight: 8, given: path !== undefined, fits: path === node.path || node.phys.startsWith(`${path ?? ""}/`) },
    { weight: 4, given: serial !== undefined, fits: serial === node.serial },
    { weight: 2, given: productId !== undefined, fits: productId === node.productId },
    { weight: 1, given: vendorId !== undefined, fits: vendorId === node.vendorId },
  ].filter(({ given }) => given);
  if (!asked.every(({ fits }) => fits)) return -1;
  if (asked.length === 0) return node.isReader ? 0 : -1;
  return asked.reduce((sum, { weight }) => sum + weight, 0);
}

/** Devices that nothing tells apart: which is which would be chance. Answers the indices of all but the first of each kind. */
export function indistinct(configs: readonly HidDeviceConfig[]): readonly number[] {
  const keys = configs.map(({ vendorId, productId, serial, path }) =>
    JSON.stringify([vendorId, productId, serial, path]),
  );
  return keys.flatMap((key, index) => (keys.indexOf(key) < index ? [index] : []));
}
