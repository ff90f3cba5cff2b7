import { DeviceReader, type ReaderRules } from "./device-reader.ts";
import type { HidNode } from "./hid.ts";
import type { MatchableNode } from "./match-device.ts";

/** An interface and what its descriptor announces. */
export interface SeenNode extends MatchableNode {
  /** `undefined` where the descriptor is missing or malformed. */
  readonly probe: DeviceReader | undefined;
}

/** Looks at descriptors, each once for as long as the interface stays. */
export class SeenNodes {
  readonly #rules: ReaderRules;
  #seen = new Map<string, SeenNode>();

  constructor(rules: ReaderRules) {
    this.#rules = rules;
  }

  /** What the interfaces are that are plugged in now. */
  look(nodes: readonly HidNode[]): readonly SeenNode[] {
    const seen = nodes.map((node) => {
      const before = this.#seen.get(node.path);
      return before !== undefined && isSame(before, node) ? before : this.#probed(node);
    });
    this.#seen = new Map(seen.map((node) => [node.path, node]));
    return seen;
  }

  #probed(node: HidNode): SeenNode {
    const probe = DeviceReader.of(node, {}, this.#rules);
    return { ...node, probe, isReader: probe?.isReader === true };
  }
}

function isSame(one: HidNode, other: HidNode): boolean {
  const facts = ({ vendorId, productId, serial, phys, name }: HidNode): string =>
    JSON.stringify([vendorId, productId, serial, phys, name]);
  const bytes = ({ descriptor }: HidNode): Buffer => Buffer.from(descriptor ?? []);
  return facts(one) === facts(other) && bytes(one).equals(bytes(other));
}
