import { noGrad, ops, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/lib/errors.ts";
import { GEOMETRY_LENGTH } from "../../../src/ssl/features/expressionGeometry.ts";
import { contrastiveBackward } from "../../../src/ssl/train/gradient.ts";
import { rowsOf } from "../losses/plainLoops.ts";
import { build, differing, gradients, noiseViews, settings } from "./fixture.ts";

const [CLIPS, DIM] = [4, 8];
const views = () => ({ ...noiseViews(CLIPS, "pairs"), persons: Int32Array.of(8, 0, 3, 0) });
const make = (changed: Parameters<typeof settings>[1] = {}) => build(settings("simclr", changed));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

test("the same seed draws the same backbone and projection with heads and without", () => {
  const [plain, made] = [make(), make({ geometryWeight: 1, adversaryWeight: 1 })].map(({ network }) =>
    network.stateDict(),
  );
  expect(differing(plain!, made!)).toEqual([]);
  expect([...made!.keys()].filter((name) => !plain!.has(name))).toEqual([
    "geometry.weight",
    "geometry.bias",
    "adversary.weight",
    "adversary.bias",
  ]);
});

test("the embedding is the first part of what the network says, and all that later steps are given", () => {
  const method = make({ geometryWeight: 1, adversaryWeight: 1 });
  method.network.eval();
  const batch = views();
  const outputs = noGrad(() => method.encode(batch.images));
  expect(outputs.shape).toEqual([2 * CLIPS, DIM + GEOMETRY_LENGTH + 9]);
  const { embeddings } = contrastiveBackward(method, batch, null);
  expect(ops.equal(embeddings, ops.narrow(outputs, 1, 0, DIM))).toBe(true);
});

test("the geometry head's loss is the mean squared error over faces that have landmarks", () => {
  const method = make({ geometryWeight: 2 });
  const plain = make();
  const batch = views();
  const has = [true, false, true, true, false, true, true, true];
  const some = { ...batch, geometry: { ...batch.geometry!, has: tensor(has) } };
  const outputs = rowsOf(noGrad(() => method.encode(batch.images)));
  const wanted = rowsOf(batch.geometry!.values);
  const errors = outputs.map((row, r) =>
    mean(row.slice(DIM).map((value, i) => (value - wanted[r]![i]!) ** 2)),
  );
  const expected = mean(errors.filter((_, r) => has[r]));
  const { loss, figures } = contrastiveBackward(method, some, null);
  expect(figures.lossGeometry!).toBeAllclose(expected, 1e-5);
  const contrast = contrastiveBackward(plain, some, null).loss.item();
  expect(loss).toBeAllclose(contrast + 2 * expected, 1e-5);
});

test("nobody with landmarks: the geometry head costs nothing", () => {
  const batch = views();
  const none = { ...batch.geometry!, has: tensor(Array.from({ length: 2 * CLIPS }, () => false)) };
  const { figures } = contrastiveBackward(make({ geometryWeight: 1 }), { ...batch, geometry: none }, null);
  expect(figures.lossGeometry!.item()).toBe(0);
});

describe("the adversary", () => {
  test("is asked about anchors alone, and costs the cross-entropy of who they are", () => {
    const method = make({ adversaryWeight: 0.5 });
    const batch = views();
    const logits = rowsOf(noGrad(() => method.encode(batch.images))).map((row) => row.slice(DIM));
    const entropies = [...batch.persons].map((person, row) => {
      const total = Math.log(logits[row]!.reduce((sum, value) => sum + Math.exp(value), 0));
      return total - logits[row]![person]!;
    });
    const right = [...batch.persons].map((person, row) =>
      logits[row]!.every((value) => value <= logits[row]![person]!) ? 1 : 0,
    );
    const { loss, figures } = contrastiveBackward(method, batch, null);
    expect(figures.lossAdversary!).toBeAllclose(mean(entropies), 1e-5);
    expect(figures.peopleRecognised!).toBeAllclose(mean(right), 1e-6);
    const contrast = contrastiveBackward(make(), batch, null).loss.item();
    expect(loss).toBeAllclose(contrast + 0.5 * mean(entropies), 1e-5);
  });

  test("learns who is seen, and the backbone goes the other way", () => {
    const gradientsAt = (adversaryWeight: number) => {
      const method = make({ adversaryWeight });
      contrastiveBackward(method, views(), null);
      return gradients(method);
    };
    // What is left of the gradient without the contrast's part, which does not depend on the weight.
    const [one, two] = [gradientsAt(1), gradientsAt(2)];
    const ofAdversary = new Map([...two].map(([name, gradient]) => [name, gradient.sub(one.get(name)!)]));
    const costAfterStep = (moved: RegExp, rate: number) => {
      const method = make({ adversaryWeight: 1 });
      noGrad(() => {
        for (const [name, parameter] of method.network.namedParameters())
          if (moved.test(name)) parameter.sub_(ofAdversary.get(name)!.mul(rate));
      });
      return contrastiveBackward(method, views(), null).figures.lossAdversary!.item();
    };
    const before = costAfterStep(/^nothing/, 0);
    expect(costAfterStep(/^adversary/, 1e-2)).toBeLessThan(before);
    expect(costAfterStep(/^backbone/, 1e-2)).toBeGreaterThan(before);
  });

  test.each([
    [0, "a store that names nobody"],
    [1, "a store of one person"],
  ])("a store of %i known people is refused", (people, received) => {
    const wrong = () => make({ adversaryWeight: 1, people });
    expect(wrong).toThrow(ConfigError);
    expect(wrong).toThrow(`expected 0, or a store that names at least two people, received ${received}. Use`);
  });
});
