// The losses once more, one number at a time.
import { Generator, randn, type Tensor } from "@duchenne/torch";

export type Matrix = readonly (readonly number[])[];

export function drawn(rows: number, dim: number, seed: number): Tensor {
  return randn([rows, dim], { generator: Generator.seeded(seed), dtype: "float64" });
}

export function rowsOf(tensor: Tensor): number[][] {
  return tensor.detach().toArray() as number[][];
}

export function cosine(a: readonly number[], b: readonly number[]): number {
  let [dot, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    squaresA += a[i]! ** 2;
    squaresB += b[i]! ** 2;
  }
  return dot / Math.sqrt(squaresA * squaresB);
}

/** −log(e^positive / (e^positive + Σ e^negative)) */
export function entropy(positive: number, negatives: readonly number[]): number {
  const largest = Math.max(positive, ...negatives);
  let total = Math.exp(positive - largest);
  for (const negative of negatives) total += Math.exp(negative - largest);
  return Math.log(total) + largest - positive;
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

export function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** How a CutMix batch's positives were mixed. */
export interface PlainMix {
  readonly partner: readonly number[];
  readonly kept: readonly number[];
}

/** The share of anchor i's image in positive j. */
export function shareOf({ partner, kept }: PlainMix, i: number, j: number): number {
  return (i === j ? kept[j]! : 0) + (partner[j] === i ? 1 - kept[j]! : 0);
}

/** NT-Xent of a batch, per row the false negatives that left its negatives, and how many times each hard negative repels. */
export function ntXent(
  embeddings: Matrix,
  temperature: number,
  {
    mix,
    found = [],
    hard = { clips: embeddings.length, times: 1 },
  }: {
    mix?: PlainMix;
    found?: readonly (readonly number[])[];
    hard?: { clips: number; times: number };
  } = {},
): { positive: number; falseNegative: number; top1: number } {
  const rows = embeddings.length;
  const half = rows / 2;
  const logit = (a: number, b: number) => cosine(embeddings[a]!, embeddings[b]!) / temperature;
  const plain = { partner: range(half).map(() => -1), kept: range(half).map(() => 1) };
  let [positive, falseNegative, top1] = [0, 0, 0];
  for (const row of range(rows)) {
    const shares = range(rows).map((other) => {
      if (row < half === other < half) return 0;
      return shareOf(mix ?? plain, Math.min(row, other), Math.max(row, other) - half);
    });
    const lost = found[row] ?? [];
    const negatives = range(rows)
      .filter((other) => other !== row && shares[other] === 0 && !lost.includes(other))
      .flatMap((other) => {
        const times = other % hard.clips === row % hard.clips ? hard.times : 1;
        return range(times).map(() => logit(row, other));
      });
    for (const other of range(rows)) {
      if (shares[other] === 0) continue;
      positive += shares[other]! * entropy(logit(row, other), negatives);
      if (negatives.every((negative) => negative < logit(row, other))) top1 += shares[other]!;
    }
    if (lost.length > 0) falseNegative += mean(lost.map((other) => entropy(logit(row, other), negatives)));
  }
  return { positive: positive / rows, falseNegative: falseNegative / rows, top1: top1 / rows };
}
