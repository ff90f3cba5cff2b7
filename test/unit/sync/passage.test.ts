import { describe, expect, it } from "vitest";
import { asSeq } from "../../../agent/core/ids.ts";
import type { Head } from "../../../agent/core/ledger.ts";
import { Passage } from "../../../sync/passage.ts";

const at = (seq: number): Head => ({ seq: asSeq(seq), hash: new Uint8Array(32).fill(seq) });

/** A passage of which batches that end at 3, 6 and 9 have been sent. */
function nineSent(): Passage {
  const passage = new Passage(at(0));
  expect([3, 6, 9].map((last) => passage.sent(at(last)))).toEqual([1, 1, 1]);
  return passage;
}

describe("a passage", () => {
  it.each([
    { said: 2, waiting: 3 },
    { said: 3, waiting: 2 },
    { said: 5, waiting: 2 },
    { said: 8, waiting: 1 },
    { said: 9, waiting: 0 },
    { said: 12, waiting: 0 },
  ])("waits for $waiting of three batches when the receiver stands at $said", ({ said, waiting }) => {
    const passage = nineSent();
    passage.moved(at(said));
    expect(passage.unacknowledged).toBe(waiting);
    expect(passage.mark).toEqual(at(said));
    expect(passage.cursor).toEqual(at(Math.max(said, 9)));
  });

  it("counts how often the same entries are sent, and begins again with entries that never were", () => {
    const passage = nineSent();
    passage.rewind();
    expect([3, 6, 9, 12].map((last) => passage.sent(at(last)))).toEqual([2, 2, 2, 1]);
    passage.rewind();
    expect([5, 12, 15].map((last) => passage.sent(at(last)))).toEqual([3, 3, 1]);
  });

  it("begins to count again when the receiver has moved, and not when it says the same again", () => {
    const passage = nineSent();
    passage.rewind();
    passage.moved(at(0));
    expect(passage.sent(at(3))).toBe(2);
    passage.moved(at(3));
    passage.rewind();
    passage.rewind();
    expect(passage.sent(at(6))).toBe(1);
  });

  it("sends everything after a new beginning again", () => {
    const passage = nineSent();
    passage.restart(at(6));
    expect([passage.mark, passage.cursor, passage.unacknowledged]).toEqual([at(6), at(6), 0]);
  });
});
