import { ShapeError, tensor, zeros } from "@duchenne/torch";
import { expect, test } from "vitest";
import { byolLoss } from "../../../src/ssl/losses/index.ts";
import { cosine, drawn, mean, range, rowsOf, shareOf, sum } from "./plainLoops.ts";

const [PREDICTIONS, TARGETS] = [drawn(10, 6, 1), drawn(10, 6, 2)];

function distance(row: number, column: number): number {
  return 2 - 2 * cosine(rowsOf(PREDICTIONS)[row]!, rowsOf(TARGETS)[column]!);
}

test("equals plain loops", () => {
  const { loss, figures } = byolLoss(PREDICTIONS, TARGETS);
  expect(loss).toBeAllclose(mean(range(5).map((i) => distance(i, i + 5) + distance(i + 5, i))));
  const nearest = range(10).filter((row) => {
    const others = range(10).filter((column) => column !== row);
    return others.every((column) => distance(row, column) >= distance(row, (row + 5) % 10));
  });
  expect(figures.top1!).toBeAllclose(nearest.length / 10);
});

test("a prediction equal to its target is free, and ranked first", () => {
  const swapped = TARGETS.at([5, 10]);
  const first = TARGETS.at([0, 5]);
  const predictions = tensor([...rowsOf(swapped), ...rowsOf(first)], { dtype: "float64" });
  const { loss, figures } = byolLoss(predictions, TARGETS);
  expect(Math.abs(loss.item())).toBeLessThan(1e-12);
  expect(figures.top1!.item()).toBe(1);
});

test("CutMix: views attract by shared area", () => {
  const mix = { partner: [1, 0, 4, 4, 2], kept: [0.1, 0.5, 1, 0, 0.75] };
  const { loss } = byolLoss(PREDICTIONS, TARGETS, {
    mix: {
      partner: tensor(mix.partner, { dtype: "int64" }),
      kept: tensor(Float64Array.from(mix.kept)),
    },
  });
  const both = (i: number, j: number) => shareOf(mix, i, j) * (distance(i, j + 5) + distance(j + 5, i));
  expect(loss).toBeAllclose(sum(range(25).map((k) => both(Math.floor(k / 5), k % 5))) / 5);
});

test("shapes that do not fit are refused", () => {
  expect(() => byolLoss(zeros([5, 3]), zeros([5, 3]))).toThrow(ShapeError);
  expect(() => byolLoss(zeros([6, 3]), zeros([6, 4]))).toThrow(
    "byolLoss: targets: expected [6, 3], received [6, 4]",
  );
});
