import { type Dtype, noGrad } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { METHODS } from "../../../src/ssl/methods/index.ts";
import { contrastiveBackward } from "../../../src/ssl/train/gradient.ts";
import {
  build,
  differing,
  gradients,
  METHOD_NAMES,
  noiseViews,
  relativeDifference,
  settings,
  snapshot,
} from "../methods/fixture.ts";

describe.each(METHOD_NAMES)("%s in micro-batches", (name) => {
  const contrastive = METHODS[name].settings.includes("hardNeg");
  const components = contrastive ? { hardNeg: true, maskFn: true } : {};
  const made = () => build(settings(name, components));
  const views = noiseViews(5, contrastive ? "quadruples" : "pairs");

  test.each([1, 7])("of %d images: loss, figures and gradients of the whole batch", (microBatch) => {
    const method = made();
    method.network.eval();
    const whole = contrastiveBackward(method, views, null);
    const expected = gradients(method);
    const parts = contrastiveBackward(method, views, microBatch);
    const received = gradients(method);
    expect(parts.loss).toBeAllclose(whole.loss);
    expect(parts.embeddings).toBeAllclose(whole.embeddings);
    for (const [figure, value] of Object.entries(whole.figures))
      expect(parts.figures[figure]!).toBeAllclose(value);
    expect([...received.keys()]).toEqual([...expected.keys()]);
    for (const [parameter, gradient] of expected)
      expect([parameter, relativeDifference(received.get(parameter)!, gradient)]).toEqual([
        parameter,
        expect.toSatisfy((difference: number) => difference < 1e-5),
      ]);
    expect(parts.targets === undefined).toBe(method.target === undefined);
    if (parts.targets) expect(parts.targets).toBeAllclose(whole.targets!);
  });
});

test("BatchNorm's running statistics move once per micro-batch, as in one pass over the parts", () => {
  const [learner, plain] = [0, 1].map(() => build(settings("simclr")));
  const views = noiseViews(6, "pairs");
  contrastiveBackward(learner!, views, 4);
  noGrad(() => {
    for (const start of [0, 4, 8]) plain!.encode(views.images.at([start, start + 4]));
  });
  expect(differing(snapshot(plain!.network.stateDict()), learner!.network.stateDict())).toEqual([]);
  expect(learner!.network.stateDict().get("backbone.bn1.num_batches_tracked")!.item()).toBe(3);
});

test("the networks run in the context given, the loss in float32", () => {
  const method = build(settings("byol"));
  const seen: Dtype[] = [];
  const { embeddings, targets, loss } = contrastiveBackward(
    method,
    noiseViews(3, "pairs"),
    null,
    (forward) => {
      const made = forward().to({ dtype: "bfloat16" });
      seen.push(made.dtype);
      return made;
    },
  );
  expect(seen).toEqual(["bfloat16", "bfloat16"]);
  expect([embeddings, targets!, loss].map(({ dtype }) => dtype)).toEqual(["float32", "float32", "float32"]);
});
