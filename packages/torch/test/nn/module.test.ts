import { liveTensors, nn, ones, ops, randn, type Tensor, tensor, zeros } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { settledTensors } from "../garbage.ts";

class Branches extends nn.Module<[Tensor, Tensor], { sum: Tensor; parts: Tensor[] }> {
  readonly left = this.child("left", new nn.Linear(2, 2));
  readonly right = this.child(
    "right",
    new nn.Sequential(new nn.Linear(2, 2, { bias: false }), new nn.BatchNorm1d(2)),
  );
  readonly scale = this.parameter("scale", ones([1]));

  override forward(a: Tensor, b: Tensor) {
    const parts = [this.left.call(a), this.right.call(b)];
    return { sum: ops.add(parts[0]!, parts[1]!).mul(this.scale), parts };
  }
}

describe("Module", () => {
  test("names are PyTorch's: own parameters, own buffers, then children in order", () => {
    const names = [...new Branches().stateDict().keys()];
    expect(names).toEqual([
      "scale",
      "left.weight",
      "left.bias",
      "right.0.weight",
      "right.1.weight",
      "right.1.bias",
      "right.1.running_mean",
      "right.1.running_var",
      "right.1.num_batches_tracked",
    ]);
    expect([...new Branches().namedParameters()].map(([name]) => name)).toEqual(names.slice(0, 6));
    expect([...new Branches().namedBuffers()].map(([name]) => name)).toEqual(names.slice(6));
  });

  test("a call leaves what it returns, and nothing else", () => {
    const module = new Branches();
    const [a, b] = [randn([3, 2]), randn([3, 2])];
    const before = settledTensors();
    const { sum, parts } = module.call(a, b);
    expect(liveTensors()).toBe(before + 3);
    sum.sum().backward();
    expect(parts[0]!.shape).toEqual([3, 2]);
    expect(module.scale.grad!.shape).toEqual([1]);
    module.zeroGrad();
    expect(module.scale.grad).toBeNull();
  });

  test("to converts in place: the same tensors, gradients still wanted, integers untouched", () => {
    const module = new Branches();
    const before = [...module.stateDict().values()];
    module.to({ dtype: "float64" });
    const after = [...module.stateDict().values()];
    expect(after.every((tensor, i) => tensor === before[i])).toBe(true);
    expect(after.map((tensor) => tensor.dtype)).toEqual([...Array(8).fill("float64"), "int64"]);
    expect(module.parameters().every((parameter) => parameter.requiresGrad && parameter.isLeaf)).toBe(true);
  });

  test("train and eval reach every child", () => {
    const module = new Branches().eval();
    expect([...module.namedModules()].map(([, m]) => m.training)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(module.train().right.layers[1]!.training).toBe(true);
  });

  test("dispose frees every tensor", () => {
    const before = settledTensors();
    new Branches().dispose();
    expect(liveTensors()).toBe(before);
  });

  test("a state of other names or shapes changes nothing and lists them all", () => {
    const module = new nn.Linear(2, 2);
    const before = module.weight.toArray();
    const state = new Map([
      ["weight", zeros([2, 3])],
      ["extra", zeros([1])],
    ]);
    try {
      module.loadStateDict(state);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(nn.StateDictError);
      expect((error as nn.StateDictError).report).toEqual({
        missing: ["bias"],
        unexpected: ["extra"],
        mismatched: [{ name: "weight", expected: [2, 2], received: [2, 3] }],
      });
    }
    expect(module.weight.toArray()).toEqual(before);
  });

  test("a state converts dtype on the way in", () => {
    const module = new nn.Linear(1, 1);
    module.loadStateDict(
      new Map([
        ["weight", tensor([[2.5]], { dtype: "float64" })],
        ["bias", tensor([1], { dtype: "int64" })],
      ]),
    );
    expect(module.weight.dtype).toBe("float32");
    expect(module.call(tensor([[2]])).item()).toBe(6);
  });
});

test("chain frees intermediates, never its input", () => {
  const x = randn([2, 2]);
  const before = settledTensors();
  const y = nn.chain(x, new nn.Tanh(), new nn.Sigmoid(), new nn.ReLU({ inPlace: true }), new nn.Tanh());
  expect(x.isDisposed).toBe(false);
  expect(liveTensors()).toBe(before + 1);
  expect(y.shape).toEqual([2, 2]);
  expect(nn.chain(x)).toBe(x);
});

describe("a module in a field without `child`", () => {
  class Bare extends nn.Module {
    readonly first = new nn.Linear(2, 3);
    readonly last = this.child("head", new nn.Linear(3, 1));

    override forward(x: Tensor): Tensor {
      return this.last.call(this.first.call(x));
    }
  }

  test("is a child by the field's name: trained, saved, moved, switched", () => {
    const names = ["head.weight", "head.bias", "first.weight", "first.bias"];
    expect([...new Bare().stateDict().keys()]).toEqual(names);
    expect(new Bare().parameters()).toHaveLength(4);
    expect(new Bare().eval().first.training).toBe(false);
    const moved = new Bare().to({ dtype: "float64" });
    expect(moved.first.weight.dtype).toBe("float64");
    const called = new Bare();
    called.call(ones([1, 2])).backward();
    expect(called.parameters().every((parameter) => parameter.grad !== null)).toBe(true);
  });

  test("is found in a field assigned later, too", () => {
    class Late extends Bare {
      extra: nn.Linear | null = null;
    }
    const late = new Late();
    late.call(ones([1, 2]));
    late.extra = new nn.Linear(1, 1);
    expect([...late.stateDict().keys()]).toContain("extra.weight");
  });

  test("without tensors follows train and eval", () => {
    class Regularised extends nn.Module {
      readonly dropout = new nn.Dropout(0.5);
      override forward(x: Tensor): Tensor {
        return this.dropout.call(x);
      }
    }
    expect(
      new Regularised()
        .eval()
        .call(ones([64]))
        .sum()
        .item(),
    ).toBe(64);
  });

  test("is left alone in a #private field", () => {
    class Holder extends nn.Module {
      readonly #other = new nn.Linear(1, 1);
      override forward(x: Tensor): Tensor {
        return this.#other.call(x);
      }
    }
    expect(new Holder().parameters()).toEqual([]);
  });

  test("in a list is refused, at a call as well as by parameters()", () => {
    class Listed extends nn.Module {
      readonly blocks = [new nn.Linear(1, 1)];
      override forward(x: Tensor): Tensor {
        return this.blocks[0]!.call(x);
      }
    }
    const message =
      /Listed: blocks: expected modules registered with `child`, or a Sequential, received a list/;
    expect(() => new Listed().call(ones([1, 1]))).toThrow(message);
    expect(() => new Listed().parameters()).toThrow(message);
  });

  test("that a child has already is not registered again, in a field or in a list", () => {
    class Named extends nn.Module {
      readonly body = this.child("body", new nn.Sequential(new nn.Linear(1, 1), new nn.Linear(1, 1)));
      readonly first = this.body.layers[0]!;
      readonly all = [...this.body.layers];
      override forward(x: Tensor): Tensor {
        return this.body.call(x);
      }
    }
    expect([...new Named().stateDict().keys()]).toEqual([
      "body.0.weight",
      "body.0.bias",
      "body.1.weight",
      "body.1.bias",
    ]);
  });

  test("whose name another child has is refused", () => {
    class Twice extends nn.Module {
      readonly head = new nn.Linear(1, 1);
      readonly other = this.child("head", new nn.Linear(1, 1));
      override forward(x: Tensor): Tensor {
        return x;
      }
    }
    expect(() => new Twice().parameters()).toThrow("Twice: head: expected one module by this name");
  });
});
