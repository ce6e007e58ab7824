import { full, ones, ops, ShapeError, type Tensor, tensor, zeros } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import {
  findFalseNegatives,
  findFalseNegativesByGeometry,
  maskFnLoss,
  ntXentLoss,
} from "../../../src/ssl/losses/index.ts";
import {
  type FalseNegativeRule,
  hardNegativeMask,
  neverFalseNegatives,
} from "../../../src/ssl/methods/masks.ts";
import { BLOCKS, type Layout } from "../../../src/ssl/sampling/batch.ts";
import { cosine, drawn, type Matrix, ntXent, range, rowsOf } from "./plainLoops.ts";

interface Search {
  clips: number;
  layout: Layout;
  count: number;
  rule: FalseNegativeRule;
}

/** MaskFN's search, one row at a time. */
function search(features: Matrix, known: readonly boolean[], { clips, layout, count, rule }: Search) {
  const rows = clips * BLOCKS[layout].length;
  return range(rows).map((row) => {
    const candidates = range(rows).filter((other) => {
      const isPositive = other === (row + rows / 2) % rows;
      const isHardNegative = other !== row && !isPositive && other % clips === row % clips;
      if (other === row || isPositive || !known[row] || !known[other]) return false;
      return !(isHardNegative && rule === "paper");
    });
    const likeness = (other: number) => cosine(features[row]!, features[other]!);
    return candidates.sort((a, b) => likeness(b) - likeness(a)).slice(0, count);
  });
}

const CASES: Search[] = [
  { clips: 2, layout: "quadruples", count: 1, rule: "paper" },
  { clips: 3, layout: "quadruples", count: 3, rule: "paper" },
  { clips: 3, layout: "quadruples", count: 3, rule: "published-code" },
  { clips: 5, layout: "pairs", count: 2, rule: "paper" },
  { clips: 5, layout: "pairs", count: 2, rule: "published-code" },
  // More than there are candidates, and more than there are rows.
  { clips: 2, layout: "pairs", count: 3, rule: "paper" },
  { clips: 2, layout: "pairs", count: 9, rule: "paper" },
];

/** MaskFN's search in a batch of clips. */
function find(features: Tensor, hasFeature: Tensor, { rule, count, ...batch }: Search) {
  return findFalseNegatives(features, hasFeature, {
    excluded: neverFalseNegatives(batch, rule, "cpu"),
    count,
  });
}

function run(options: Search, known: readonly boolean[]) {
  const rows = known.length;
  const features = drawn(rows, 6, 11);
  const hasFeature = tensor(known as boolean[]);
  const found = find(features, hasFeature, options);
  const embeddings = drawn(rows, 5, 12).requiresGrad_();
  const result = maskFnLoss(embeddings, found, { temperature: 0.07, weight: 0.8 });
  const plainFound = search(rowsOf(features), known, options);
  const plain = ntXent(rowsOf(embeddings), 0.07, { found: plainFound });
  return { found, ...result, embeddings, plainFound, plain };
}

describe.each(CASES)("$layout of $clips clips, N = $count, rule of the $rule", (options) => {
  const rows = options.clips * BLOCKS[options.layout].length;

  test.each([
    ["every face has a feature", () => true],
    ["every third has none", (row: number) => row % 3 !== 0],
    ["one has", (row: number) => row === 1],
    ["none has", () => false],
  ])("%s", (_, has) => {
    const { found, loss, figures, embeddings, plainFound, plain } = run(options, range(rows).map(has));
    const valid = found.valid.toArray() as number[][];
    const indices = rowsOf(found.indices);
    expect(indices.map((row, i) => row.filter((_, k) => valid[i]![k]))).toEqual(plainFound);
    expect(loss).toBeAllclose(plain.positive + 0.8 * plain.falseNegative);
    expect(figures.lossPositive!).toBeAllclose(plain.positive);
    expect(figures.lossFalseNegative!).toBeAllclose(plain.falseNegative);
    expect(figures.top1!).toBeAllclose(plain.top1);
    const share = plainFound.filter((row) => row.length > 0).length / rows;
    expect(figures.falseNegativesFound!).toBeAllclose(share, 1e-6);
    loss.backward();
    expect((embeddings.grad!.flatten().toArray() as number[]).every(Number.isFinite)).toBe(true);
  });
});

describe.each([false, true])("by geometry, beside features: %s", (isBeside) => {
  const [rows, length, clips] = [12, 4, 3];
  const [features, values, embeddings] = [drawn(rows, 6, 21), drawn(rows, length, 22), drawn(rows, 5, 23)];
  const takesPart = range(rows).map((row) => row !== 2);
  const has = range(rows).map((row) => row !== 7);
  const likeness = (a: number, b: number) => {
    const [x, y] = [rowsOf(values)[a]!, rowsOf(values)[b]!];
    return Math.exp((-2 * x.reduce((total, value, i) => total + (value - y[i]!) ** 2, 0)) / length);
  };
  const found = findFalseNegativesByGeometry(
    { values, has: tensor(has) },
    tensor(takesPart),
    { excluded: neverFalseNegatives({ clips, layout: "quadruples" }, "paper", "cpu"), count: 2 },
    isBeside ? features : undefined,
  );

  test("finds the nearest of those that take part, by plain loops", () => {
    const plain = range(rows).map((row) => {
      const known = (r: number) => takesPart[r]! && has[r]!;
      const candidates = range(rows).filter(
        (other) => other % clips !== row % clips && known(row) && known(other),
      );
      const similarity = (other: number) =>
        likeness(row, other) + (isBeside ? cosine(rowsOf(features)[row]!, rowsOf(features)[other]!) : 0);
      return candidates.sort((a, b) => similarity(b) - similarity(a)).slice(0, 2);
    });
    const valid = found.valid.toArray() as number[][];
    expect(rowsOf(found.indices).map((row, i) => row.filter((_, k) => valid[i]![k]))).toEqual(plain);
    plain.forEach((others, row) => {
      others.forEach((other, k) => {
        expect(rowsOf(found.shares!)[row]![k]!).toBeCloseTo(likeness(row, other), 9);
      });
    });
  });

  test("each counts as much as it is alike", () => {
    const options = { temperature: 0.1, weight: 0.8 };
    const whole = (shares: Tensor) => maskFnLoss(embeddings, { ...found, shares }, options).figures;
    const part = (k: number) =>
      whole(ops.oneHot(full([rows], k, { dtype: "int64" }), 2).to({ dtype: "float64" })).lossFalseNegative!;
    const shares = [0.25, 0.5];
    const { lossFalseNegative } = whole(tensor(Float64Array.from(shares)).unsqueeze(0).expand(rows, 2));
    expect(lossFalseNegative!).toBeAllclose(part(0).mul(0.25).add(part(1).mul(0.5)));
  });

  test("another number of rows is refused", () => {
    const candidates = { excluded: zeros([3, 3], { dtype: "bool" }), count: 1 };
    const three = ones([3], { dtype: "bool" });
    expect(() => findFalseNegativesByGeometry({ values, has: tensor(has) }, three, candidates)).toThrow(
      ShapeError,
    );
    const geometry = { values: drawn(3, 2, 1), has: three };
    expect(() => findFalseNegativesByGeometry(geometry, three, candidates, features)).toThrow(ShapeError);
  });
});

test("where no face has a feature it is NT-Xent", () => {
  const embeddings = drawn(8, 5, 2);
  const found = find(drawn(8, 6, 3), zeros([8], { dtype: "bool" }), {
    ...{ clips: 2, layout: "quadruples" },
    ...{ count: 2, rule: "paper" },
  });
  const { loss } = maskFnLoss(embeddings, found, { temperature: 0.07, weight: 0.8 });
  expect(loss).toBeAllclose(ntXentLoss(embeddings, { temperature: 0.07 }).loss);
});

test("with CutMix both rules hold at once", () => {
  const mix = { partner: [1, 2, 3, 0], kept: [0.2, 0.5, 0.7, 1] };
  const options: Search = { clips: 2, layout: "quadruples", count: 1, rule: "paper" };
  const features = drawn(8, 6, 11);
  const found = find(features, ones([8], { dtype: "bool" }), options);
  const embeddings = drawn(8, 5, 12);
  const { loss } = maskFnLoss(embeddings, found, {
    temperature: 0.1,
    weight: 0.8,
    mix: {
      partner: tensor(mix.partner, { dtype: "int64" }),
      kept: tensor(Float64Array.from(mix.kept)),
    },
  });
  const known = range(8).map(() => true);
  const plain = ntXent(rowsOf(embeddings), 0.1, { mix, found: search(rowsOf(features), known, options) });
  expect(loss).toBeAllclose(plain.positive + 0.8 * plain.falseNegative);
});

test.each([1, 3, 30])("each hard negative counts as %i", (times) => {
  const options: Search = { clips: 3, layout: "quadruples", count: 2, rule: "paper" };
  const features = drawn(12, 6, 11);
  const found = find(features, ones([12], { dtype: "bool" }), options);
  const embeddings = drawn(12, 5, 12);
  const hardNegatives = { mask: hardNegativeMask(options, "cpu"), weight: times };
  const plainFound = search(
    rowsOf(features),
    range(12).map(() => true),
    options,
  );
  const hard = { clips: options.clips, times };
  const masked = maskFnLoss(embeddings, found, { temperature: 0.1, weight: 0.8, hardNegatives });
  const plain = ntXent(rowsOf(embeddings), 0.1, { found: plainFound, hard });
  expect(masked.loss).toBeAllclose(plain.positive + 0.8 * plain.falseNegative);
  expect(masked.figures.top1!).toBeAllclose(plain.top1);
  const { loss } = ntXentLoss(embeddings, { temperature: 0.1, hardNegatives });
  expect(loss).toBeAllclose(ntXent(rowsOf(embeddings), 0.1, { hard }).positive);
});

test("hard negatives are the other two rows of a clip, and pairs have none", () => {
  const mask = hardNegativeMask({ clips: 2, layout: "quadruples" }, "cpu").toArray() as number[][];
  expect(mask.map((row) => range(8).filter((column) => row[column]))).toEqual(
    range(8).map((row) => [(row + 2) % 8, (row + 6) % 8].sort((a, b) => a - b)),
  );
  expect(hardNegativeMask({ clips: 3, layout: "pairs" }, "cpu").sum().item()).toBe(0);
  const hardNegatives = { mask: hardNegativeMask({ clips: 2, layout: "quadruples" }, "cpu"), weight: 0 };
  expect(() => ntXentLoss(drawn(8, 5, 2), { temperature: 1, hardNegatives })).toThrow(
    "weight: expected a number above 0, received 0",
  );
});

test("features or false negatives of another batch are refused", () => {
  const known = ones([8], { dtype: "bool" });
  const search = (rows: number, clips: number) => () =>
    find(zeros([rows, 6]), known, { clips, layout: "quadruples", count: 1, rule: "paper" });
  expect(search(7, 2)).toThrow(
    "findFalseNegatives: expected features [rows, length], hasFeature [rows] and excluded [rows, rows], " +
      "received [7, 6], [8], [8, 8]",
  );
  expect(search(8, 3)).toThrow(ShapeError);
  const found = search(8, 2)();
  const lossOf = (rows: number) => () => maskFnLoss(zeros([rows, 5]), found, { temperature: 1, weight: 1 });
  expect(lossOf(6)).toThrow("maskFnLoss: falseNegatives: expected [6, n], received [8, 1]");
  expect(lossOf(7)).toThrow("maskFnLoss: expected [2·batch, dim], received [7, 5]");
});
