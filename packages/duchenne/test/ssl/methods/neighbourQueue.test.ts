import { noGrad, ops, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { NeighbourQueue } from "../../../src/ssl/methods/neighbourQueue.ts";
import { contrastiveBackward } from "../../../src/ssl/train/gradient.ts";
import { cosine, range, rowsOf } from "../losses/plainLoops.ts";
import { build, differing, noiseViews, settings } from "./fixture.ts";

const [SIZE, DIM] = [5, 3];
const int64 = (values: readonly number[]) => tensor(BigInt64Array.from(values, BigInt));
const QUEUE = { neighbourWeight: 1, neighbourQueue: 10 } as const;

test("starts empty, at the first row", () => {
  const state = new NeighbourQueue(SIZE, DIM).stateDict();
  expect([...state.keys()]).toEqual(["embeddings", "persons", "pointer"]);
  expect(state.get("persons")!.toArray()).toEqual(
    range(SIZE)
      .map(() => -1n)
      .map(Number),
  );
  expect(state.get("pointer")!.item()).toBe(0);
});

test.each([[[1, 1, 1]], [[2, 2, 2, 2]], [[3, 4, 1]], [[5, 5]], [[7, 2, 13]]])(
  "batches of %j replace the oldest, by plain loops",
  (batches) => {
    const queue = new NeighbourQueue(SIZE, DIM);
    const [plain, persons] = [rowsOf(queue.embeddings), range(SIZE).map(() => -1)];
    let total = 0;
    for (const count of batches) {
      const places = range(count).map((i) => total + i);
      const rows = places.map((place) => [Math.cos(place), Math.sin(place), 0]);
      queue.enqueue(tensor(rows).mul(3), int64(places));
      for (const [i, place] of places.entries()) {
        plain[place % SIZE] = rows[i]!;
        persons[place % SIZE] = place;
      }
      total += count;
    }
    expect(queue.embeddings).toBeAllclose(plain, 1e-6);
    expect(queue.persons.toArray()).toEqual(persons);
    expect(queue.stateDict().get("pointer")!.item()).toBe(total % SIZE);
  },
);

describe.each(["ssl-fer", "simclr"] as const)("%s", (name) => {
  const make = (changed = {}) => build(settings(name, { hardNeg: true, maskFn: true, ...QUEUE, ...changed }));
  const batch = (seed: number, persons: readonly number[]) => ({
    ...noiseViews(4, "quadruples", seed),
    persons: Int32Array.from(persons),
  });

  test("remembers the anchors of earlier batches, and finds the nearest of other people among them", () => {
    const method = make();
    const [first, second] = [batch(1, [7, 8, 9, 7]), batch(2, [8, 7, 7, 9])];
    const before = contrastiveBackward(method, first, null);
    expect(before.figures.neighboursFound!.item()).toBe(0);
    noGrad(() => method.afterStep!(undefined, first, 0, before.embeddings));
    const state = method.network.stateDict();
    // Eight anchors; two rows of ten are still empty.
    expect(state.get("neighbours.persons")!.toArray()).toEqual([7, 8, 9, 7, 7, 8, 9, 7, -1, -1]);
    const unit = rowsOf(before.embeddings).map((row) => row.map((x) => x / Math.hypot(...row)));
    expect(state.get("neighbours.embeddings")!.at([0, 8])).toBeAllclose(unit.slice(0, 8), 1e-6);

    const embeddings = noGrad(() => method.encode(second.images));
    const { figures } = method.loss(embeddings, undefined, second);
    expect(figures.neighboursFound!.item()).toBe(1);
    // The nearest may be of the row's own person: then another is taken.
    const people = [7, 8, 9, 7, 7, 8, 9, 7];
    const own = rowsOf(embeddings);
    const stands = own.map((row, r) => {
      const person = second.persons[r % 4]!;
      const others = range(8).filter((i) => people[i] !== person);
      return unit[others.sort((a, b) => cosine(row, unit[b]!) - cosine(row, unit[a]!))[0]!]!;
    });
    const first1 = own.filter((_, r) => {
      const logit = (other: number) => cosine(stands[r]!, own[other]!);
      const found = rowsOf(second.features.matmul(second.features.t()))[r]!;
      const candidates = range(16).filter((other) => other % 4 !== r % 4);
      const lost = candidates.sort((a, b) => found[b]! - found[a]!)[0];
      const negatives = range(16).filter((other) => other !== r && other !== (r + 8) % 16 && other !== lost);
      return negatives.every((other) => logit(other) < logit((r + 8) % 16));
    });
    expect(figures.neighbourTop1!).toBeAllclose(first1.length / 16, 1e-6);
  });

  test("without a weight nothing is remembered, and nothing changes", () => {
    const [plain, off] = [build(settings(name)), build(settings(name, { neighbourWeight: 0 }))];
    expect(off.afterStep).toBeUndefined();
    expect(differing(off.network.stateDict(), plain.network.stateDict())).toEqual([]);
  });

  test("the same seed draws the same weights with and without a queue", () => {
    const [plain, made] = [make({ neighbourWeight: 0 }), make()].map(({ network }) => network.stateDict());
    expect(differing(plain!, made!)).toEqual([]);
    expect(ops.equal(made!.get("neighbours.embeddings")!, made!.get("neighbours.embeddings")!.mul(0))).toBe(
      true,
    );
  });
});
