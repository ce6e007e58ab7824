import { configure, tensor } from "@duchenne/torch";
import { expect, test } from "vitest";

const DENORMAL = 1e-40;

configure({ flushDenormals: true });

/** Another processor's arithmetic is left as it is. */
test.runIf(process.arch === "x64")(
  "operators take denormals for 0, on every thread, and in gradients",
  () => {
    const one = tensor(Float32Array.of(DENORMAL));
    expect(one.toTypedArray()[0]).toBeGreaterThan(0);
    expect(one.mul(1).item()).toBe(0);
    const many = tensor(new Float32Array(1 << 20).fill(DENORMAL));
    expect(many.mul(1e30).sum().item()).toBe(0);
    const weight = tensor(Float32Array.of(1e-30)).requiresGrad_();
    weight.mul(DENORMAL).backward();
    expect(weight.grad!.item()).toBe(0);
  },
);

test("JavaScript keeps its denormals, whatever an operator comes to", () => {
  const smallest = () => Number.MIN_VALUE * Math.round(1 + Math.random() / 4);
  expect(tensor([1]).mul(2).item()).toBe(2);
  expect(smallest()).toBe(5e-324);
  expect(() => tensor([1, 2]).add(tensor([1, 2, 3]))).toThrow();
  expect(smallest()).toBe(5e-324);
});
