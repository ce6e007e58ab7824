import { noGrad, ops, type Tensor, tensor, zeros } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { momentumAt } from "../../../src/ssl/methods/byol.ts";
import type { Method } from "../../../src/ssl/methods/index.ts";
import { build, differing, noiseViews, relativeDifference, settings, snapshot } from "./fixture.ts";

const WITH_COPY = ["moco-v2", "byol"] as const;

/** A copied tensor's name, and that of its source. */
function copied(state: ReadonlyMap<string, Tensor>, ending: RegExp): [copy: string, source: string][] {
  return [...state.keys()]
    .filter((name) => name.startsWith("momentum.") && ending.test(name))
    .map((name) => [name, name.slice("momentum.".length)]);
}

/** Other weights, as after a step of the optimiser. */
function moveWeights({ network }: Method): void {
  noGrad(() => {
    for (const parameter of network.parameters()) if (parameter.requiresGrad) parameter.mul_(1.5).add_(0.25);
  });
}

describe.each(WITH_COPY)("%s's momentum copy", (name) => {
  const views = noiseViews(3, "pairs");

  test("starts as the network itself", () => {
    const state = build(settings(name)).network.stateDict();
    const pairs = copied(state, /./);
    expect(pairs.length).toBeGreaterThan(20);
    for (const [copy, source] of pairs)
      expect([copy, ops.equal(state.get(copy)!, state.get(source)!)]).toEqual([copy, true]);
  });

  test.each([0, 0.3, 0.75, 1])("momentum %d: m · copy + (1 − m) · network, by plain loops", (m) => {
    const method = build(settings(name, { mocoMomentum: m, byolMomentum: m }));
    moveWeights(method);
    const before = snapshot(method.network.stateDict());
    method.afterStep!(method.target!(views.images.at([0, 3])), views, 0, zeros([6, 8]));
    const after = method.network.stateDict();
    for (const [copy, source] of copied(after, /(weight|bias)$/)) {
      const [old, online] = [copy, source].map((key) => before.get(key)!.flatten().toArray() as number[]);
      const moved = Float64Array.from(old!, (value, i) => m * value + (1 - m) * online![i]!);
      const plain = tensor(moved, { shape: after.get(copy)!.shape });
      expect(relativeDifference(after.get(copy)!, plain)).toBeLessThan(1e-6);
    }
  });

  test("gathers BatchNorm statistics of its own", () => {
    const method = build(settings(name));
    const before = snapshot(method.network.stateDict());
    noGrad(() => method.target!(views.images));
    const moved = differing(before, method.network.stateDict());
    expect(moved).toContain("momentum.backbone.bn1.running_mean");
    expect(moved.every((key) => /^momentum\..*(running_(mean|var)|num_batches_tracked)$/.test(key))).toBe(
      true,
    );
    const targets = noGrad(() => method.target!(views.images.at([0, 3])));
    const statistics = snapshot(method.network.stateDict());
    method.afterStep!(targets, views, 0, zeros([6, 8]));
    expect(differing(statistics, method.network.stateDict()).some((key) => key.includes("running_"))).toBe(
      false,
    );
  });
});

test("BYOL's momentum rises to 1 by a cosine", () => {
  expect(momentumAt(0, 0.996)).toBeCloseTo(0.996, 12);
  expect(momentumAt(0.5, 0.996)).toBeCloseTo(0.998, 12);
  expect(momentumAt(1, 0.996)).toBe(1);
});
