import { ShapeError, type Tensor, tensor, zeros } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { l2Normalize } from "../../../src/ssl/losses/embeddings.ts";
import { findNeighbours, maskFnLoss, ntXentLoss } from "../../../src/ssl/losses/index.ts";
import { cosine, drawn, entropy, type Matrix, mean, range, rowsOf } from "./plainLoops.ts";

const [CLIPS, ROWS, DIM, SIZE, T] = [3, 12, 5, 9, 0.2];
const PERSONS = range(ROWS).map((row) => (row % CLIPS) % 2);
/** −1: nothing remembered there yet. */
const REMEMBERED = [0, 1, 2, -1, 0, 1, 0, -1, 1];

const int64 = (values: readonly number[]) => tensor(BigInt64Array.from(values, BigInt));
const remembered = (persons: readonly number[] = REMEMBERED) => ({
  embeddings: l2Normalize(drawn(SIZE, DIM, 21)),
  persons: int64(persons),
});

/** The nearest embedding of another person, one comparison at a time. */
function nearest(row: readonly number[], person: number, persons: readonly number[]): number | undefined {
  const others = rowsOf(remembered().embeddings);
  const candidates = range(SIZE).filter((i) => persons[i]! >= 0 && persons[i] !== person);
  return candidates.sort((a, b) => cosine(row, others[b]!) - cosine(row, others[a]!))[0];
}

test("a row's neighbour is the most similar earlier embedding of another person", () => {
  const embeddings = drawn(ROWS, DIM, 22);
  const found = findNeighbours(embeddings, int64(PERSONS), remembered());
  const expected = rowsOf(embeddings).map(
    (row, i) => rowsOf(remembered().embeddings)[nearest(row, PERSONS[i]!, REMEMBERED)!]!,
  );
  expect(found.embeddings).toBeAllclose(expected);
  expect(found.found.toArray()).toEqual(range(ROWS).map(() => 1));
  expect(found.embeddings.requiresGrad).toBe(false);
});

test("a row without candidates stands for itself", () => {
  const embeddings = drawn(ROWS, DIM, 22);
  const all = range(SIZE).map(() => 0);
  const found = findNeighbours(embeddings, int64(PERSONS), remembered(all));
  expect(found.found.to({ dtype: "int64" }).toArray()).toEqual(PERSONS);
  const own = rowsOf(l2Normalize(embeddings));
  rowsOf(found.embeddings).forEach((row, i) => {
    if (PERSONS[i] === 0) expect(row).toEqual(own[i]);
  });
  const empty = findNeighbours(embeddings, int64(PERSONS), remembered(range(SIZE).map(() => -1)));
  expect(rowsOf(empty.embeddings)).toEqual(own);
});

/** Rows whose neighbours are compared with all rows; hard negatives count three times. */
function plainLoss(neighbours: Matrix, embeddings: Matrix, found?: readonly number[]) {
  const parts = range(ROWS).map((row) => {
    const logit = (other: number) => cosine(neighbours[row]!, embeddings[other]!) / T;
    const positive = (row + ROWS / 2) % ROWS;
    const negatives = range(ROWS)
      .filter((other) => other !== row && other !== positive && other !== found?.[row])
      .flatMap((other) => range(other % CLIPS === row % CLIPS ? 3 : 1).map(() => logit(other)));
    const lost = found ? 0.8 * entropy(logit(found[row]!), negatives) : 0;
    return {
      loss: entropy(logit(positive), negatives) + lost,
      first: Math.max(...negatives) < logit(positive),
    };
  });
  return { loss: mean(parts.map(({ loss }) => loss)), top1: mean(parts.map(({ first }) => Number(first))) };
}

const row = (i: number) => i % CLIPS;
const HARD = {
  mask: tensor(
    range(ROWS).map((a) =>
      range(ROWS).map((b) => row(a) === row(b) && a !== b && Math.abs(a - b) !== ROWS / 2),
    ),
  ),
  weight: 3,
};
/** One false negative of another clip for each row. */
const FOUND = range(ROWS).map((i) => (i + 1) % ROWS);

function losses(embeddings: Tensor, neighbours: Tensor, weight: number, maskFn: boolean) {
  const found = tensor(range(ROWS).map(() => true));
  const options = {
    temperature: T,
    hardNegatives: HARD,
    neighbours: { embeddings: neighbours, found, weight },
  };
  if (!maskFn) return ntXentLoss(embeddings, options);
  const falseNegatives = {
    indices: int64(FOUND).unsqueeze(1),
    valid: tensor(range(ROWS).map(() => [true])),
  };
  return maskFnLoss(embeddings, falseNegatives, { ...options, weight: 0.8 });
}

describe.each([false, true])("with MaskFN: %s", (maskFn) => {
  const neighbours = l2Normalize(drawn(ROWS, DIM, 23));

  test.each([0, 0.3, 1])("neighbours with weight %d, by plain loops", (weight) => {
    const embeddings = drawn(ROWS, DIM, 24);
    const found = maskFn ? FOUND : undefined;
    const own = plainLoss(rowsOf(embeddings), rowsOf(embeddings), found);
    const theirs = plainLoss(rowsOf(neighbours), rowsOf(embeddings), found);
    const { loss, figures } = losses(embeddings, neighbours, weight, maskFn);
    expect(loss).toBeAllclose((1 - weight) * own.loss + weight * theirs.loss);
    expect(figures.top1!).toBeAllclose(own.top1);
    expect(figures.neighbourTop1!).toBeAllclose(theirs.top1);
    expect(figures.neighboursFound!.item()).toBe(1);
  });

  test("its gradient is that of central differences", () => {
    const embeddings = drawn(ROWS, DIM, 25).requiresGrad_();
    losses(embeddings, neighbours, 0.7, maskFn).loss.backward();
    const step = 1e-5;
    const values = rowsOf(embeddings);
    const slopes = values.map((one, i) =>
      one.map((_, j) => {
        const at = (moved: number) => {
          const changed = values.map((r, a) => r.map((x, b) => (a === i && b === j ? x + moved : x)));
          return losses(tensor(changed, { dtype: "float64" }), neighbours, 0.7, maskFn).loss.item();
        };
        return (at(step) - at(-step)) / (2 * step);
      }),
    );
    expect(embeddings.grad!).toBeAllclose(slopes, 1e-6);
  });
});

test("shapes that do not fit are refused", () => {
  const embeddings = drawn(ROWS, DIM, 22);
  expect(() => findNeighbours(embeddings, int64([1]), remembered())).toThrow(
    "findNeighbours: expected embeddings [rows, dim], persons [rows], remembered embeddings [size, dim] and persons [size], received [12, 5], [1], [9, 5], [9]",
  );
  const found = tensor([true]);
  const refused = () =>
    ntXentLoss(embeddings, { temperature: T, neighbours: { embeddings: zeros([1, DIM]), found, weight: 1 } });
  expect(refused).toThrow(ShapeError);
  expect(refused).toThrow(
    "ntXentLoss: neighbours: expected embeddings [12, 5] and found [12], received [1, 5] and [1]",
  );
});
