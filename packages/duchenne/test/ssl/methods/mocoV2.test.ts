import { noGrad, ones, tensor, zeros } from "@duchenne/torch";
import { expect, test } from "vitest";
import type { ViewBatch } from "../../../src/ssl/views/viewBatch.ts";
import { cosine, entropy, mean, range, rowsOf } from "../losses/plainLoops.ts";
import { build, noiseViews, settings } from "./fixture.ts";

const CLIPS = 3;
const HALF = 2 * CLIPS;
const T = 0.2;
const PIECES = {
  hardNeg: true,
  hardNegWeight: 3,
  maskFn: true,
  maskFnCount: 2,
  maskFnWeight: 0.5,
  queueSize: 8,
} as const;

/** Two batches, the second of which finds the first one's keys in the queue. Row 1 and key 8 have no features. */
function secondBatch(rule: "paper" | "published-code") {
  const method = build(settings("moco-v2", { ...PIECES, maskFnRule: rule }));
  const [first, second] = [1, 2].map((seed) => noiseViews(CLIPS, "quadruples", seed)) as [
    ViewBatch,
    ViewBatch,
  ];
  const known = range(2 * HALF).map((row) => row !== 1 && row !== 8);
  const views = { ...second, hasFeature: tensor(known) };
  const keysOf = (batch: ViewBatch) => noGrad(() => method.target!(batch.images.at([HALF])));
  method.afterStep!(keysOf(first), first, 0, zeros([HALF, 8]));
  const queries = noGrad(() => method.encode(views.images.at([0, HALF])));
  const keys = keysOf(views);
  const result = method.loss(queries, keys, views);
  return { method, first, views, known, queries, keys, result };
}

test("queries are the anchors' blocks, keys the positives'", () => {
  const method = build(settings("moco-v2"));
  expect(method.queryRows!({ clips: 3, layout: "pairs" })).toEqual([0, 3]);
  expect(method.targetRows!({ clips: 3, layout: "pairs" })).toEqual([3, 6]);
  expect(method.queryRows!({ clips: 3, layout: "quadruples" })).toEqual([0, 6]);
  expect(method.targetRows!({ clips: 3, layout: "quadruples" })).toEqual([6, 12]);
});

test.each(["paper", "published-code"] as const)(
  "hard negatives and false negatives by plain loops: %s",
  (rule) => {
    const { method, first, views, known, queries, keys, result } = secondBatch(rule);
    const queue = rowsOf(method.network.stateDict().get("queue.keys")!);
    const columns = [...rowsOf(keys), ...queue];
    const features = [...rowsOf(views.features.at([HALF])), ...rowsOf(first.features.at([HALF]))];
    const entropies = range(HALF).map((row) => {
      const logits = columns.map((column) => cosine(rowsOf(queries)[row]!, column) / T);
      const hardNegative = (row + CLIPS) % HALF;
      const inQueue = range(queue.length).map((i) => HALF + i);
      // The first batch filled six of the queue's eight rows.
      const candidates = inQueue.slice(0, HALF);
      if (rule === "published-code" && known[HALF + hardNegative]) candidates.push(hardNegative);
      const likeness = (column: number) => cosine(rowsOf(views.features)[row]!, features[column]!);
      const found = known[row] ? candidates.sort((a, b) => likeness(b) - likeness(a)).slice(0, 2) : [];
      const negatives = [hardNegative, hardNegative, hardNegative, ...inQueue].filter(
        (column) => !found.includes(column),
      );
      const against = (column: number) =>
        entropy(
          logits[column]!,
          negatives.map((other) => logits[other]!),
        );
      return against(row) + (found.length > 0 ? 0.5 * mean(found.map(against)) : 0);
    });
    expect(result.loss).toBeAllclose(mean(entropies));
    expect(result.figures.falseNegativesFound!).toBeAllclose(5 / 6, 1e-6);
  },
);

test("before the first batch nothing in the queue can be a false negative", () => {
  const method = build(settings("moco-v2", PIECES));
  const views = { ...noiseViews(CLIPS, "quadruples"), hasFeature: ones([12], { dtype: "bool" }) };
  const [queries, keys] = [[0, HALF] as const, [HALF] as const].map((rows) =>
    noGrad(() => method.encode(views.images.at(rows))),
  );
  expect(method.loss(queries!, keys, views).figures.falseNegativesFound!.item()).toBe(0);
});

test("keys carry no gradient", () => {
  const { method, views, keys } = secondBatch("paper");
  method.loss(method.encode(views.images.at([0, HALF])), keys, views).loss.backward();
  for (const [name, parameter] of method.network.namedParameters())
    expect([name, parameter.grad === null]).toEqual([name, name.startsWith("momentum.")]);
});
