import {
  arange,
  DisposedError,
  type Dtype,
  hasOneDnn,
  OperatorError,
  ones,
  ops,
  Tensor,
  TorchError,
  tensor,
  zeros,
} from "@duchenne/torch";
import { describe, expect, test } from "vitest";

const matrix = () =>
  tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);

describe("what a tensor is", () => {
  test("shape, strides, dtype, device, counts", () => {
    const x = matrix();
    expect([x.shape, x.strides, x.ndim, x.numel, x.dtype, x.device]).toEqual([
      [2, 3],
      [3, 1],
      2,
      6,
      "float32",
      "cpu",
    ]);
    expect([x.size(0), x.size(-1)]).toEqual([2, 3]);
    expect(() => x.size(2)).toThrow(TorchError);
    expect([x.requiresGrad, x.isLeaf, x.isDisposed]).toEqual([false, true, false]);
    expect(x.describe()).toBe("float32[2, 3]");
    expect(String(x)).toBe("Tensor(float32[2, 3])");
  });

  test("follows libtorch through views and formats", () => {
    expect(matrix().t().strides).toEqual([1, 3]);
    expect(ones([1]).expand(4, -1).strides).toEqual([0, 1]);
    const image = zeros([2, 3, 4, 5]).contiguous("channelsLast");
    expect(image.shape).toEqual([2, 3, 4, 5]);
    expect(image.strides).toEqual([60, 1, 15, 3]);
    expect(image.isContiguous("channelsLast")).toBe(true);
    expect(image.isContiguous()).toBe(false);
    expect(image.add(1).strides).toEqual([60, 1, 15, 3]);
    expect(ops.relu(image).isContiguous("channelsLast")).toBe(true);
    expect(() => image.isContiguous("diagonal" as never)).toThrow(TorchError);
  });

  test("0-dimensional and empty", () => {
    expect([tensor(5).shape, tensor(5).ndim, tensor(5).numel, tensor(5).item()]).toEqual([[], 0, 1, 5]);
    const none = zeros([0, 3]);
    expect([none.shape, none.numel, none.sum().item(), none.toArray()]).toEqual([[0, 3], 0, 0, []]);
    expect(none.mean().item()).toBeNaN();
    expect(() => none.max()).toThrow(OperatorError);
  });

  test("item takes exactly one element", () => {
    expect(tensor([[3]]).item()).toBe(3);
    expect(tensor([true]).item()).toBe(1);
    expect(() => zeros([0]).item()).toThrow(OperatorError);
    expect(() => zeros([2]).item()).toThrow(OperatorError);
  });

  test("more dimensions than fit the tape", () => {
    const deep = ops.view(ones([1]), new Array(5000).fill(1));
    expect(deep.shape).toHaveLength(5000);
    expect(deep.strides).toHaveLength(5000);
  });

  test("inspection never throws", () => {
    const inspect = (x: Tensor) =>
      (x as unknown as Record<symbol, () => string>)[Symbol.for("nodejs.util.inspect.custom")]!();
    expect(inspect(tensor([1, 2]))).toBe("Tensor(float32[2]) [1,2]");
    expect(inspect(zeros([65]))).toBe("Tensor(float32[65])");
    expect(inspect(zeros([2], { device: "meta" }))).toContain("meta");
    expect(inspect(ops.to(ones([1]), { dtype: "complex64" as Dtype }))).toBe("Tensor(complex64[1])");
    if (hasOneDnn()) expect(inspect(ops.toMkldnn(ones([2])))).toBe("Tensor(float32[2])");
    const gone = ones([1]);
    gone.dispose();
    expect(inspect(gone)).toBe("Tensor(disposed)");
  });

  test("is made by functions alone", () => {
    const Constructor = Tensor as unknown as new (slot?: number) => Tensor;
    for (const slot of [undefined, -1, Number.NaN]) expect(() => new Constructor(slot)).toThrow(TorchError);
  });
});

describe("type promotion", () => {
  const of = (dtype: Dtype) => ones([2], { dtype });
  test.each([
    ["float32", "int64", "float32"],
    ["float32", "float64", "float64"],
    ["int64", "bool", "int64"],
    ["uint8", "int8", "int16"],
    ["int32", "int64", "int64"],
    ["bool", "bool", "bool"],
    ["bfloat16", "float16", "float32"],
    ["uint8", "bfloat16", "bfloat16"],
  ] as const)("%s + %s is %s", (a, b, expected) => {
    expect(of(a).add(of(b)).dtype).toBe(expected);
    expect(of(b).add(of(a)).dtype).toBe(expected);
  });

  test("a number promotes the kind, not the width", () => {
    expect(of("int32").add(2).dtype).toBe("int32");
    expect(of("int32").add(2.5).dtype).toBe("float32");
    expect(of("float16").add(2).dtype).toBe("float16");
    expect(of("float64").add(2.5).dtype).toBe("float64");
    expect(of("bool").add(1).dtype).toBe("int64");
    expect(of("uint8").add(true).dtype).toBe("uint8");
    expect(of("int64").div(2).dtype).toBe("float32");
    expect(
      of("int64")
        .add(2n ** 60n)
        .toTypedArray(),
    ).toEqual(BigInt64Array.of(2n ** 60n + 1n, 2n ** 60n + 1n));
    // A 0-dimensional tensor promotes as a number does.
    expect(of("float32").add(tensor(1, { dtype: "float64" })).dtype).toBe("float32");
  });

  test("uint8 wraps, and an integer tensor takes no fraction in place", () => {
    expect(tensor([250], { dtype: "uint8" }).add(10).toArray()).toEqual([4]);
    expect(() => of("int64").add_(0.5)).toThrow(OperatorError);
  });
});

describe("broadcasting", () => {
  test("as NumPy does", () => {
    expect(
      matrix()
        .add(tensor([10, 20, 30]))
        .toArray(),
    ).toEqual([
      [11, 22, 33],
      [14, 25, 36],
    ]);
    expect(
      matrix()
        .mul(tensor([[2], [3]]))
        .toArray(),
    ).toEqual([
      [2, 4, 6],
      [12, 15, 18],
    ]);
    expect(ones([3, 1]).add(ones([1, 4])).shape).toEqual([3, 4]);
    expect(ones([0, 1]).add(ones([5])).shape).toEqual([0, 5]);
  });

  test("shapes that do not fit are named", () => {
    const failure = caught(() => matrix().add(ones([4])));
    expect(failure).toBeInstanceOf(OperatorError);
    expect((failure as OperatorError).operator).toBe("aten::add.Tensor");
    expect((failure as OperatorError).received).toEqual(["float32[2, 3]", "float32[4]"]);
    expect(() => ones([3]).add_(ones([2, 3]))).toThrow(OperatorError);
  });
});

function caught(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("memory", () => {
  test("views share it, copies do not", () => {
    const base = arange(0, 6, 1, { dtype: "float32" });
    const views = [
      base.view(2, 3),
      base.reshape(3, 2),
      base.detach(),
      base.unsqueeze(0),
      base.at([1, 4]),
      ops.alias(base),
    ];
    const copies = [base.clone(), base.to({ copy: true }), base.add(0), tensor(base.toTypedArray())];
    base.fill_(7);
    for (const view of views) expect(view.min().item()).toBe(7);
    for (const copy of copies) expect(copy.max().item()).toBe(5);
  });

  test("in place on a view changes the base", () => {
    const base = zeros([2, 3]);
    base.at(0).add_(1);
    base.t().at(2).mul_(5);
    base.at(1, [0, 2]).fill_(-1);
    expect(base.toArray()).toEqual([
      [1, 1, 5],
      [-1, -1, 0],
    ]);
  });

  test("in place returns the very tensor", () => {
    const x = ones([2]);
    expect(x.add_(1)).toBe(x);
    expect(ops.mul_(x, x)).toBe(x);
    expect(ops.add_(x, ones([2]))).toBe(x);
    expect(x.toArray()).toEqual([5, 5]);
  });

  test("a base outlives its handle in its views", () => {
    const base = ones([1000]);
    const view = base.at([0, 2]);
    base.dispose();
    expect(view.toArray()).toEqual([1, 1]);
    expect(() => base.add(1)).toThrow(DisposedError);
  });

  test("in place on a leaf that requires gradients is refused", () => {
    const leaf = ones([2], { requiresGrad: true });
    for (const change of [
      () => leaf.add_(1),
      () => leaf.at(0).fill_(3),
      () => leaf.setAt([0], 3),
      () => leaf.zero_(),
    ])
      expect(change).toThrow(OperatorError);
    expect(leaf.toArray()).toEqual([1, 1]);
  });

  test("dispose twice does nothing, and every use afterwards is refused", () => {
    const x = ones([2]);
    x.dispose();
    x.dispose();
    const y = ones([3]);
    const uses: (() => unknown)[] = [
      () => x.shape,
      () => x.dtype,
      () => x.device,
      () => x.strides,
      () => x.numel,
      () => x.requiresGrad,
      () => x.grad,
      () => x.describe(),
      () => x.item(),
      () => x.toArray(),
      () => x.toTypedArray(),
      () => x.add(y),
      () => y.add(x),
      () => x.at(0),
      () => x.setAt([0], 1),
      () => y.at(x),
      () => x.isContiguous(),
      () => x.backward(),
      () => (x.grad = y),
      () => (y.grad = x),
      () => ops.cat([y, x]),
      () => x.to({ dtype: "float64" }),
      () => x.requiresGrad_(),
      () => x.copy_(y),
      () => y.copy_(x),
    ];
    for (const use of uses) expect(use, String(use)).toThrow(DisposedError);
    expect(y.toArray()).toEqual([1, 1, 1]);
  });
});
