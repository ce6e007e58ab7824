import { ArgumentError, ShapeError, tensor, zeros } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { balancedSoftmaxLoss, cccLoss } from "../../../src/ssl/losses/index.ts";
import { drawn, mean, range, rowsOf, sum } from "./plainLoops.ts";

describe("Balanced Softmax", () => {
  const labels = [0, 2, 1, 2, 0];
  const int64 = (values: number[]) => tensor(values, { dtype: "int64" });

  test("equals plain loops", () => {
    const logits = drawn(5, 3, 4);
    const counts = [700, 20, 3];
    const plain = rowsOf(logits).map((row, i) => {
      const scaled = row.map((logit, k) => counts[k]! * Math.exp(logit));
      return -Math.log(scaled[labels[i]!]! / sum(scaled));
    });
    expect(balancedSoftmaxLoss(logits, int64(labels), counts)).toBeAllclose(mean(plain));
  });

  test("equal counts give cross-entropy", () => {
    const logits = drawn(5, 3, 4);
    const plain = rowsOf(logits).map(
      (row, i) => -Math.log(Math.exp(row[labels[i]!]!) / sum(row.map(Math.exp))),
    );
    expect(balancedSoftmaxLoss(logits, int64(labels), [9, 9, 9])).toBeAllclose(mean(plain));
  });

  test("a class without images, and shapes that do not fit, are refused", () => {
    const lossOf =
      (counts: number[], rows = 5) =>
      () =>
        balancedSoftmaxLoss(zeros([rows, 3]), int64(labels), counts);
    expect(lossOf([700, 0, 3])).toThrow(ArgumentError);
    expect(lossOf([700, 0, 3])).toThrow("classCounts: expected every count above 0, received 0 for class 1");
    expect(lossOf([700, 20])).toThrow(ShapeError);
    expect(lossOf([1, 1, 1], 4)).toThrow("expected logits [n, 3] and labels [n], received [4, 3] and [5]");
  });
});

describe("1 − CCC", () => {
  function plain(p: readonly number[], t: readonly number[]): number {
    const [meanP, meanT] = [mean(p), mean(t)];
    const deviation = (values: readonly number[], centre: number) =>
      Math.sqrt(sum(values.map((value) => (value - centre) ** 2)) / (values.length - 1));
    const [sP, sT] = [deviation(p, meanP), deviation(t, meanT)];
    const covariance = sum(p.map((value, i) => (value - meanP) * (t[i]! - meanT))) / (p.length - 1);
    const correlation = covariance / (sP * sT);
    return 1 - (2 * correlation * sP * sT) / (sP ** 2 + sT ** 2 + (meanP - meanT) ** 2);
  }

  test("equals plain loops, alone and averaged over dimensions", () => {
    const [prediction, target] = [drawn(9, 2, 5), drawn(9, 2, 6)];
    const column = (values: ReturnType<typeof drawn>, k: number) => rowsOf(values).map((row) => row[k]!);
    const each = range(2).map((k) => plain(column(prediction, k), column(target, k)));
    expect(cccLoss(prediction, target)).toBeAllclose(mean(each));
    expect(cccLoss(prediction.at([], 1), target.at([], 1))).toBeAllclose(each[1]!);
  });

  test("0 for a perfect prediction, 2 for its mirror image", () => {
    const target = tensor([-0.5, 0, 0.5], { dtype: "float64" });
    expect(cccLoss(target, target).item()).toBe(0);
    expect(cccLoss(target.neg(), target).item()).toBe(2);
  });

  test("a constant prediction knows nothing, and can be learned from", () => {
    const prediction = zeros([3], { dtype: "float64" }).requiresGrad_();
    const loss = cccLoss(prediction, tensor([-0.5, 0, 0.8], { dtype: "float64" }));
    loss.backward();
    expect(loss.item()).toBe(1);
    const gradient = prediction.grad!.toArray() as number[];
    expect(gradient.every(Number.isFinite)).toBe(true);
    expect(gradient[0]).toBeGreaterThan(gradient[2]!);
  });

  test("shapes that differ, and single values, are refused", () => {
    expect(() => cccLoss(zeros([3]), zeros([4]))).toThrow(ShapeError);
    expect(() => cccLoss(zeros([1]), zeros([1]))).toThrow(
      "cccLoss: expected two of the same shape, [n ≥ 2] or [n, dimensions], received [1] and [1]",
    );
  });
});
