import { ShapeError, tensor, zeros } from "@duchenne/torch";
import { expect, test } from "vitest";
import { infoNceLoss } from "../../../src/ssl/losses/index.ts";
import { cosine, drawn, entropy, type Matrix, mean, range, rowsOf, shareOf } from "./plainLoops.ts";

const [QUERY, KEY, QUEUE] = [drawn(4, 5, 1), drawn(4, 5, 2), drawn(7, 5, 3)];
const T = 0.2;

function logits(): Matrix {
  const columns = [...rowsOf(KEY), ...rowsOf(QUEUE)];
  return rowsOf(QUERY).map((query) => columns.map((column) => cosine(query, column) / T));
}

test("equals plain loops, against the queue alone", () => {
  const { loss, figures } = infoNceLoss(QUERY, KEY, QUEUE, { temperature: T });
  const rows = logits();
  expect(loss).toBeAllclose(mean(rows.map((row, i) => entropy(row[i]!, row.slice(4)))));
  const first = rows.filter((row, i) => row.slice(4).every((negative) => negative < row[i]!));
  expect(figures.top1!).toBeAllclose(first.length / 4);
});

test("HardNeg adds keys of the batch to the negatives, as many times as they weigh", () => {
  const other = [2, 3, 0, 1];
  const mask = tensor(range(4).map((i) => range(4).map((j) => j === other[i])));
  for (const weight of [1, 3]) {
    const { loss } = infoNceLoss(QUERY, KEY, QUEUE, { temperature: T, hardNegatives: { mask, weight } });
    const plain = logits().map((row, i) => {
      const hard = range(weight).map(() => row[other[i]!]!);
      return entropy(row[i]!, [...hard, ...row.slice(4)]);
    });
    expect(loss).toBeAllclose(mean(plain));
  }
});

test("MaskFN turns keys of the queue into positives", () => {
  const found = [[4, 6], [10], [], [7, 9]];
  const falseNegatives = {
    indices: tensor(
      found.map((row) => [row[0] ?? 0, row[1] ?? 1]),
      { dtype: "int64" },
    ),
    valid: tensor(found.map((row) => [row.length > 0, row.length > 1])),
    weight: 0.5,
  };
  const { loss, figures } = infoNceLoss(QUERY, KEY, QUEUE, { temperature: T, falseNegatives });
  const plain = logits().map((row, i) => {
    const negatives = range(11)
      .filter((column) => column >= 4 && !found[i]!.includes(column))
      .map((column) => row[column]!);
    const extra = found[i]!.map((column) => entropy(row[column]!, negatives));
    return entropy(row[i]!, negatives) + (extra.length > 0 ? 0.5 * mean(extra) : 0);
  });
  expect(loss).toBeAllclose(mean(plain));
  expect(figures.falseNegativesFound!.item()).toBe(0.75);
});

test("CutMix: a key belongs to two queries by area, and repels neither", () => {
  const mix = { partner: [1, 2, 0, 0], kept: [0.4, 1, 0, 0.8] };
  // Key 1 would be query 2's hard negative, but carries its patch.
  const other = [3, 3, 1, 0];
  const { loss } = infoNceLoss(QUERY, KEY, QUEUE, {
    temperature: T,
    hardNegatives: { mask: tensor(range(4).map((i) => range(4).map((j) => j === other[i]))), weight: 1 },
    mix: {
      partner: tensor(mix.partner, { dtype: "int64" }),
      kept: tensor(Float64Array.from(mix.kept)),
    },
  });
  const plain = logits().map((row, i) => {
    const hard = mix.partner[other[i]!] === i ? [] : [row[other[i]!]!];
    const entropies = range(4).map((j) => shareOf(mix, i, j) * entropy(row[j]!, [...hard, ...row.slice(4)]));
    return entropies.reduce((all, value) => all + value, 0);
  });
  expect(loss).toBeAllclose(mean(plain));
});

test("queries, keys and queue that do not fit are refused", () => {
  const received = (query: number[], key: number[], queue: number[]) => () =>
    infoNceLoss(zeros(query), zeros(key), zeros(queue), { temperature: T });
  expect(received([4, 5], [3, 5], [7, 5])).toThrow(ShapeError);
  expect(received([4, 5], [4, 5], [7, 6])).toThrow("received [4, 5], [4, 5], [7, 6]");
  expect(received([5], [5], [7, 5])).toThrow("expected query [n, dim], key [n, dim] and queue [size, dim]");
});
