import { Generator, ops, optim, randn, type Tensor, zeros } from "@duchenne/torch";
import { describe, expect, test } from "vitest";

const layouts = ["contiguous", "channelsLast"] as const;
type Layout = (typeof layouts)[number];
const shape = [4, 3, 5, 5];

const values = (seed: number) => randn(shape, { generator: Generator.seeded(seed) });
const parameterIn = (layout: Layout) => values(1).contiguous(layout).requiresGrad_();

/** What Adam makes of one parameter with gradients of one layout in two steps, its state in between saved in another. */
function twoSteps(parameter: Tensor, gradientLayout: Layout, stateLayout?: Layout): Tensor {
  const adam = new optim.Adam([parameter], { lr: 0.1 });
  for (const seed of [2, 3]) {
    parameter.grad = values(seed).contiguous(gradientLayout);
    adam.step();
    if (!stateLayout) continue;
    const { tensors, steps } = adam.stateDict();
    const saved = [...tensors].map(([name, t]): [string, Tensor] => [
      name,
      t.clone().contiguous(stateLayout),
    ]);
    adam.loadStateDict({ tensors: new Map(saved), steps });
  }
  return parameter;
}

// libtorch's fused kernel reads parameters, gradients and state as flat memory; a wrong layout is then a wrong result.
describe("Adam moves the same elements whatever the memory layout", () => {
  const expected = twoSteps(parameterIn("contiguous"), "contiguous").toArray();
  const cases = layouts.flatMap((parameter) => layouts.map((gradient) => [parameter, gradient] as const));

  test.each(cases)("parameter %s, gradient %s", (parameter, gradient) => {
    expect(twoSteps(parameterIn(parameter), gradient)).toBeAllclose(expected);
  });

  test.each(cases)("parameter %s, saved state %s: bit for bit", (parameter, state) => {
    const uninterrupted = twoSteps(parameterIn(parameter), parameter).toArray();
    expect(twoSteps(parameterIn(parameter), parameter, state).toArray()).toEqual(uninterrupted);
  });

  test("a parameter that is part of a larger tensor leaves the rest alone", () => {
    const whole = zeros([4, 6]);
    const part = ops.narrow(whole, 1, 2, 2).detach().requiresGrad_();
    const [adam, alone] = [new optim.Adam([part]), zeros([4, 2], { requiresGrad: true })];
    part.grad = randn([4, 2], { generator: Generator.seeded(2) });
    alone.grad = part.grad.clone();
    adam.step();
    new optim.Adam([alone]).step();
    expect(ops.narrow(whole, 1, 2, 2)).toBeAllclose(alone.toArray());
    for (const start of [0, 4]) expect(ops.narrow(whole, 1, start, 2).abs().sum().item()).toBe(0);
  });
});
