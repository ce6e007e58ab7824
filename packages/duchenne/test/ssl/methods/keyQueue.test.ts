import { Generator, ops, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { KeyQueue } from "../../../src/ssl/methods/keyQueue.ts";

const [SIZE, DIM, LENGTH] = [5, 3, 2];

function queue(featureLength: number | null = LENGTH): KeyQueue {
  return new KeyQueue({ size: SIZE, dim: DIM, featureLength }, Generator.seeded(1));
}

/** Keys of length 1, told apart by their angle. */
function keysFrom(first: number, count: number): number[][] {
  return Array.from({ length: count }, (_, i) => [Math.cos(first + i), Math.sin(first + i), 0]);
}

function facesFrom(first: number, count: number) {
  return {
    features: tensor(Array.from({ length: count }, (_, i) => [first + i, -(first + i)])),
    hasFeature: tensor(Array.from({ length: count }, (_, i) => (first + i) % 2 === 0)),
  };
}

test("starts with random keys of length 1, at the first row, without features", () => {
  const made = queue();
  const state = made.stateDict();
  expect([...state.keys()]).toEqual(["keys", "pointer", "features", "has_feature"]);
  expect(ops.norm(made.keys, 2, 1)).toBeAllclose(Array(SIZE).fill(1), 1e-6);
  expect(state.get("pointer")!.item()).toBe(0);
  expect(state.get("has_feature")!.sum().item()).toBe(0);
  expect(ops.equal(made.keys, queue().keys)).toBe(true);
});

test("without MaskFN no features are kept", () => {
  const made = queue(null);
  made.enqueue(tensor(keysFrom(0, 2)), facesFrom(0, 2));
  expect([...made.stateDict().keys()]).toEqual(["keys", "pointer"]);
});

describe.each([
  ["that divide the queue", [1, 1, 1]],
  ["that do not", [2, 2, 2, 2]],
  ["of several sizes", [3, 4, 1]],
  ["as large as the queue", [5, 5]],
  ["larger than the queue", [7, 2, 13]],
])("batches %s", (_, batches) => {
  test("replace the oldest keys, by plain loops", () => {
    const made = queue();
    const plainKeys = made.keys.toArray() as number[][];
    const plainFeatures = Array.from({ length: SIZE }, () => [0, 0]);
    const plainHas = Array(SIZE).fill(0) as number[];
    let total = 0;
    for (const count of batches) {
      // Longer keys are cut to length 1.
      made.enqueue(tensor(keysFrom(total, count)).mul(3), facesFrom(total, count));
      for (const key of keysFrom(total, count)) {
        plainKeys[total % SIZE] = key;
        plainFeatures[total % SIZE] = [total, -total];
        plainHas[total % SIZE] = total % 2 === 0 ? 1 : 0;
        total += 1;
      }
    }
    const state = made.stateDict();
    expect(made.keys).toBeAllclose(plainKeys, 1e-6);
    expect(made.faces!.features.toArray()).toEqual(plainFeatures);
    expect(made.faces!.hasFeature.to({ dtype: "int64" }).toArray()).toEqual(plainHas);
    expect(state.get("pointer")!.item()).toBe(total % SIZE);
  });
});
