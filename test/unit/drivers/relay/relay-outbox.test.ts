import { describe, expect, it } from "vitest";
import { asDeviceId, asLaneId, asStreamId } from "../../../../agent/core/ids.ts";
import type { Observation, Outcome } from "../../../../agent/core/observation.ts";
import { RelayOutbox } from "../../../../drivers/relay-outbox.ts";
import { someInstant } from "../../../support/entries.ts";

const recorded: Outcome = { status: "recorded" };
const source = { deviceId: asDeviceId("till-5"), laneId: asLaneId("05"), at: someInstant, streamId: asStreamId("s1") };

function bytes(offset: number, length: number): Observation {
  return { kind: "print-bytes", ...source, offset, bytes: new Uint8Array(length) };
}

const end: Observation = { kind: "print-end", ...source, reason: "closed" };

/** An agent that keeps what it is given. */
function agent(outbox: RelayOutbox) {
  const given: { readonly id: number; readonly place: string }[] = [];
  outbox.attach((id, observation) => given.push({ id, place: placeOf(observation) }));
  const answer = (place: string): void => outbox.settle(given.find((each) => each.place === place)?.id ?? 0, recorded);
  return { given, places: () => given.map(({ place }) => place), answer };
}

const placeOf = (observation: Observation): string =>
  observation.kind === "print-bytes"
    ? `${observation.offset}+${observation.bytes.length}`
    : observation.kind.replace("print-", "");

describe("relay outbox", () => {
  it("keeps offers while there is no agent, and hands them over in order", async () => {
    const outbox = new RelayOutbox();
    const answers = [outbox.offer(bytes(0, 10)), outbox.offer(bytes(10, 5))];
    const first = agent(outbox);
    expect(first.places()).toEqual(["0+10", "10+5"]);
    for (const { id } of first.given) outbox.settle(id, recorded);
    expect(await Promise.all(answers)).toEqual([recorded, recorded]);
  });

  it("gives the next agent what the one before did not answer, and the answer counts once", async () => {
    const outbox = new RelayOutbox();
    const answer = outbox.offer(bytes(0, 10));
    agent(outbox);
    outbox.detach();
    const next = agent(outbox);
    next.answer("0+10");
    next.answer("0+10");
    expect(await answer).toEqual(recorded);
    expect(next.places()).toEqual(["0+10"]);
  });

  it("shows the next agent the last recorded bytes of each open stream again, first of all", () => {
    const outbox = new RelayOutbox();
    for (const offset of [0, 3_000, 6_000, 9_000]) void outbox.offer(bytes(offset, 3_000));
    const first = agent(outbox);
    for (const place of ["0+3000", "3000+3000", "6000+3000"]) first.answer(place);
    outbox.detach();
    expect(agent(outbox).places()).toEqual(["3000+3000", "6000+3000", "9000+3000"]);
  });

  it("forgets a stream once its end is recorded", () => {
    const outbox = new RelayOutbox();
    void outbox.offer(bytes(0, 10));
    void outbox.offer(end);
    const first = agent(outbox);
    first.answer("0+10");
    first.answer("end");
    outbox.detach();
    expect(agent(outbox).places()).toEqual([]);
  });
});
