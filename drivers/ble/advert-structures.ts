/** One AD structure of an advert (Core Specification, Vol 3, Part C, 11): its type (Assigned Numbers, 2.3) and what it holds. */
export interface AdvertStructure {
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** An advert is never longer, however many PDUs it was sent in (Core Specification, Vol 6, Part B, 4.4.2.4). */
const maxAdvertBytes = 1_650;

/**
 * The AD structures of an advert, in order. A length of zero ends the advert early (Core Specification, Vol 3, Part C, 11). So does a
 * structure that would run beyond its end, which is left out with all that follows. Views into `advert`, not copies. Never throws.
 */
export function readStructures(advert: Uint8Array): readonly AdvertStructure[] {
  const structures: AdvertStructure[] = [];
  const end = Math.min(advert.length, maxAdvertBytes);
  let at = 0;
  while (at + 1 < end) {
    const length = advert[at] ?? 0;
    const next = at + 1 + length;
    if (length === 0 || next > end) break;
    structures.push({ type: advert[at + 1] ?? 0, bytes: advert.subarray(at + 2, next) });
    at = next;
  }
  return structures;
}
