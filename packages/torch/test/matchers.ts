import type { Dtype, Nested, Tensor } from "@duchenne/torch";
import { expect } from "vitest";

/** How far a right result may be from its reference, relative to the reference's largest entry: the one place for it. */
export const tolerances: Partial<Record<Dtype, number>> = {
  float64: 1e-8,
  float32: 1e-5,
  float16: 2e-3,
  bfloat16: 2e-2,
};

type Values = Tensor | Nested | readonly number[] | ArrayLike<number>;

/** By its method, not its class: every test file loads this one, and most of them need no libtorch. */
const isTensor = (values: Values): values is Tensor => typeof values === "object" && "toArray" in values;

function flat(values: Values): number[] {
  const nested: unknown = isTensor(values) ? values.toArray() : values;
  if (typeof nested === "number") return [nested];
  // flat's type would follow every level.
  return (Array.from(nested as ArrayLike<unknown>) as { flat(depth: number): unknown }).flat(64) as number[];
}

function largestDifference(a: readonly number[], b: readonly number[]): { at: number; difference: number } {
  const worst = { at: -1, difference: 0 };
  for (let i = 0; i < a.length; i++) {
    const bothSame = Object.is(a[i], b[i]) || a[i] === b[i];
    const difference = bothSame ? 0 : Math.abs(a[i]! - b[i]!);
    // NaN where a number was expected is the worst difference of all.
    if (difference > worst.difference || Number.isNaN(difference))
      Object.assign(worst, {
        at: i,
        difference: Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference,
      });
  }
  return worst;
}

expect.extend({
  toBeAllclose(received: Values, expected: Values, tolerance?: number) {
    const allowed = tolerance ?? (isTensor(received) ? (tolerances[received.dtype] ?? 0) : 1e-8);
    const [a, b] = [flat(received), flat(expected)];
    if (a.length !== b.length)
      return { pass: false, message: () => `expected ${b.length} values, received ${a.length}` };
    const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), Number.MIN_VALUE);
    const { at, difference } = largestDifference(a, b);
    return {
      pass: difference <= allowed * largest,
      message: () =>
        `element ${at}: expected ${b[at]}, received ${a[at]}: ${difference / largest} of the largest entry, ${allowed} allowed`,
    };
  },
});

declare module "vitest" {
  interface Matchers {
    /** Equal up to a tolerance relative to the largest expected entry; the default is the dtype's. */
    toBeAllclose(expected: Values, tolerance?: number): void;
  }
}
