import {
  ArgumentError,
  DisposedError,
  ones,
  optim,
  ShapeError,
  type Tensor,
  TorchError,
  tensor,
} from "@duchenne/torch";
import { describe, expect, test } from "vitest";

const parameter = () => tensor([1, 2], { dtype: "float64", requiresGrad: true });
const gradient = () => tensor([0.5, -1], { dtype: "float64" });

function stepped(optimizer: { step(): void }, p: Tensor, times: number): unknown {
  for (let i = 0; i < times; i++) {
    p.grad = gradient();
    optimizer.step();
  }
  return p.toArray();
}

type AnyOptimizer = optim.SGD | optim.Adam | optim.AdamW | optim.LARS;

const kinds: readonly (readonly [string, (p: Tensor) => AnyOptimizer])[] = [
  ["SGD", (p) => new optim.SGD([p], { lr: 0.1, momentum: 0.9 })],
  ["Adam", (p) => new optim.Adam([p], { lr: 0.1 })],
  ["AdamW", (p) => new optim.AdamW([p], { lr: 0.1 })],
  ["LARS", (p) => new optim.LARS([p], { lr: 0.1, excludeVectors: false })],
];

describe.each(kinds)("%s", (_, make) => {
  test("a fresh state loaded into a used optimiser makes it fresh", () => {
    const [used, other] = [parameter(), parameter()];
    const optimizer = make(used);
    stepped(optimizer, used, 3);
    optimizer.loadStateDict(make(other).stateDict());
    expect(optimizer.stateDict().tensors.size).toBe(0);
    used.detach().copy_(other);
    expect(stepped(optimizer, used, 2)).toEqual(stepped(make(other), other, 2));
  });

  test("its own state loads into itself", () => {
    const [p, q] = [parameter(), parameter()];
    const [optimizer, uninterrupted] = [make(p), make(q)];
    stepped(optimizer, p, 2);
    optimizer.loadStateDict(optimizer.stateDict());
    stepped(uninterrupted, q, 2);
    expect(stepped(optimizer, p, 2)).toEqual(stepped(uninterrupted, q, 2));
  });

  test("a refused state changes nothing", () => {
    const p = parameter();
    const optimizer = make(p);
    stepped(optimizer, p, 2);
    const before = [...optimizer.stateDict().tensors].map(([name, x]) => [name, x.toArray()]);
    const gone = ones([2], { dtype: "float64" });
    gone.dispose();
    const refused: readonly (readonly [
      Map<string, Tensor>,
      number[],
      new (...args: never[]) => TorchError,
    ])[] = [
      [new Map([["exp_avg", gradient()]]), [1], TorchError],
      [new Map([[".exp_avg", gradient()]]), [1], TorchError],
      [new Map([["0.", gradient()]]), [1], TorchError],
      [new Map([["1.exp_avg", gradient()]]), [1], TorchError],
      [new Map([["-0.exp_avg", gradient()]]), [1], TorchError],
      [new Map([["0.exp_avg", ones([3])]]), [1], ShapeError],
      [new Map([["0.exp_avg", gone]]), [1], DisposedError],
      [new Map(), [Number.NaN], ArgumentError],
      [new Map(), [-1], ArgumentError],
      [new Map(), [1.5], ArgumentError],
      [new Map(), [1, 1], ShapeError],
    ];
    for (const [tensors, steps, error] of refused)
      expect(() => optimizer.loadStateDict({ tensors, steps }), [...tensors.keys(), ...steps].join()).toThrow(
        error,
      );
    expect([...optimizer.stateDict().tensors].map(([name, x]) => [name, x.toArray()])).toEqual(before);
    expect(optimizer.stateDict().steps).toEqual([2]);
  });
});

test("Nesterov's look ahead needs a momentum", () => {
  expect(() => new optim.SGD([parameter()], { nesterov: true })).toThrow(ArgumentError);
  expect(() => new optim.SGD([parameter()], { nesterov: true, momentum: 0.9 })).not.toThrow();
});
