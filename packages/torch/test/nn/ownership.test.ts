import { ArgumentError, nn, ones, optim, type Tensor, TorchError, tensor, zeros } from "@duchenne/torch";
import { describe, expect, test } from "vitest";

/** Gives its own weight, as a learned token does. */
class Token extends nn.Module {
  readonly weight = this.parameter("weight", ones([2]));

  override forward(_: Tensor): Tensor {
    return this.weight;
  }
}

class TiedWeights extends nn.Module {
  readonly left: nn.Linear;

  constructor() {
    super();
    this.left = this.child("left", new nn.Linear(2, 2));
    this.child("right", this.left);
  }

  override forward(x: Tensor): Tensor {
    return this.left.call(this.left.call(x));
  }
}

describe("who owns a tensor", () => {
  test("chain frees no parameter that a step returns", () => {
    const token = new Token();
    const network = new nn.Sequential(token, new nn.Linear(2, 1));
    for (let i = 0; i < 2; i++) expect(network.call(zeros([2])).shape).toEqual([1]);
    expect(token.weight.isDisposed).toBe(false);
  });

  test("a module under two names has both in the state, and its parameters once", () => {
    const tied = new TiedWeights();
    expect([...tied.stateDict().keys()]).toEqual(["left.weight", "left.bias", "right.weight", "right.bias"]);
    expect(tied.parameters()).toEqual([tied.left.weight, tied.left.bias]);
    expect(() => new optim.SGD(tied.parameters())).not.toThrow();
    tied.loadStateDict(tied.stateDict());
  });

  test("to converts gradients with their parameters, and an optimiser steps on", () => {
    const layer = new nn.Linear(2, 1, { bias: false });
    layer
      .call(ones([1, 2]))
      .sum()
      .backward();
    const optimizer = new optim.SGD(layer.parameters(), { lr: 1 });
    layer.to({ dtype: "float64" });
    expect([layer.weight.dtype, layer.weight.grad!.dtype]).toEqual(["float64", "float64"]);
    const before = layer.weight.toArray() as number[][];
    optimizer.step();
    expect(layer.weight.toArray()).toEqual([before[0]!.map((w) => w - 1)]);
    layer
      .call(ones([1, 2], { dtype: "float64" }))
      .sum()
      .backward();
    expect(layer.weight.grad!.toArray()).toEqual([[2, 2]]);
  });

  test("to refuses what parameters cannot be, and leaves them", () => {
    const layer = new nn.Linear(2, 1);
    expect(() => layer.to({ dtype: "int64" })).toThrow(TorchError);
    expect(() => layer.to({ dtype: "float31" as never })).toThrow(ArgumentError);
    expect(layer.weight.dtype).toBe("float32");
    expect(layer.weight.requiresGrad).toBe(true);
  });

  test("a state that is not strict loads what fits", () => {
    const layer = new nn.Linear(2, 1);
    const before = layer.bias!.toArray();
    const state = new Map([
      ["weight", tensor([[5, 6]])],
      ["bias", ones([7])],
      ["scale", ones([1])],
    ]);
    const report = layer.loadStateDict(state, { strict: false });
    expect(report).toEqual({
      missing: [],
      unexpected: ["scale"],
      mismatched: [{ name: "bias", expected: [1], received: [7] }],
    });
    expect(layer.weight.toArray()).toEqual([[5, 6]]);
    expect(layer.bias!.toArray()).toEqual(before);
    expect(layer.loadStateDict(new Map(), { strict: false }).missing).toEqual(["weight", "bias"]);
  });
});
