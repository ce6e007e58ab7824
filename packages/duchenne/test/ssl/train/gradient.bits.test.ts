import { expect, test } from "vitest";
import { METHODS } from "../../../src/ssl/methods/index.ts";
import { contrastiveBackward } from "../../../src/ssl/train/gradient.ts";
import { build, differing, gradients, METHOD_NAMES, noiseViews, settings } from "../methods/fixture.ts";

test.each(METHOD_NAMES)("%s: micro-batches as large as the batch are the batch, bit for bit", (name) => {
  const contrastive = METHODS[name].settings.includes("hardNeg");
  const components = contrastive ? { hardNeg: true, maskFn: true } : {};
  const views = noiseViews(5, contrastive ? "quadruples" : "pairs");
  const [whole, part] = [null, 20].map((microBatch) => {
    const method = build(settings(name, components));
    contrastiveBackward(method, views, microBatch);
    return { gradients: gradients(method), state: method.network.stateDict() };
  });
  expect(differing(whole!.gradients, part!.gradients)).toEqual([]);
  expect(differing(whole!.state, part!.state)).toEqual([]);
});
