import { noGrad } from "@duchenne/torch";
import { expect, test } from "vitest";
import { METHODS } from "../../../src/ssl/methods/index.ts";
import { contrastiveBackward } from "../../../src/ssl/train/gradient.ts";
import {
  build,
  differing,
  FURTHER_HEADS,
  gradients,
  METHOD_NAMES,
  noiseViews,
  settings,
} from "../methods/fixture.ts";

test.each([
  ...METHOD_NAMES.map((name) => [name, {}] as const),
  ["ssl-fer", { neighbourWeight: 0.5, neighbourQueue: 12 }] as const,
  ["ssl-fer", { ...FURTHER_HEADS, neighbourWeight: 0.5, neighbourQueue: 12 }] as const,
])("%s %j: micro-batches as large as the batch are the batch, bit for bit", (name, changed) => {
  const contrastive = METHODS[name].settings.includes("hardNeg");
  const components = { ...(contrastive && { hardNeg: true, maskFn: true }), ...changed };
  const views = noiseViews(5, contrastive ? "quadruples" : "pairs");
  const [whole, part] = [null, 20].map((microBatch) => {
    const method = build(settings(name, components));
    // A queue of neighbours is empty in the first step.
    for (let step = 0; step < 2; step++) {
      const { targets, embeddings } = contrastiveBackward(method, views, microBatch);
      noGrad(() => method.afterStep?.(targets, views, 0, embeddings));
    }
    return { gradients: gradients(method), state: method.network.stateDict() };
  });
  expect(differing(whole!.gradients, part!.gradients)).toEqual([]);
  expect(differing(whole!.state, part!.state)).toEqual([]);
});
