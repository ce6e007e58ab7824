import {
  fullLike,
  Generator,
  liveTensors,
  manualSeed,
  ones,
  ops,
  rand,
  randLike,
  randn,
  randnLike,
  scope,
  type Tensor,
  tensor,
  zerosLike,
} from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { settledTensors } from "./garbage.ts";
import { positive, spread } from "./operatorTable.ts";

const numbers = (x: Tensor) => Array.from(x.toTypedArray() as Float64Array);

describe("scalars where PyTorch takes them", () => {
  const x = () => tensor([1, 2, 3], { dtype: "float64" });
  test.each<readonly [string, () => Tensor, number[]]>([
    ["add", () => ops.add(x(), 2), [3, 4, 5]],
    ["add, alpha", () => ops.add(x(), 2, { alpha: 10 }), [21, 22, 23]],
    ["sub", () => ops.sub(x(), 2, { alpha: 2 }), [-3, -2, -1]],
    ["mul", () => ops.mul(x(), -1), [-1, -2, -3]],
    ["div", () => ops.div(x(), 2), [0.5, 1, 1.5]],
    ["pow", () => ops.pow(x(), 2), [1, 4, 9]],
    ["pow of a tensor", () => ops.pow(x(), x()), [1, 4, 27]],
    ["remainder", () => ops.remainder(x(), 2), [1, 0, 1]],
    ["lerp", () => ops.lerp(x(), ops.mul(x(), 2), 0.5), [1.5, 3, 4.5]],
    ["lt", () => ops.lt(x(), 2), [1, 0, 0]],
    ["eq", () => ops.eq(x(), 2), [0, 1, 0]],
    ["where, the second", () => ops.where(ops.gt(x(), 1), x(), 0), [0, 2, 3]],
    ["where, the first", () => ops.where(ops.gt(x(), 1), 7, x()), [1, 7, 7]],
    ["where, both", () => ops.where(ops.gt(x(), 1), 1, 0), [0, 1, 1]],
    ["maskedFill", () => ops.maskedFill(x(), ops.gt(x(), 1), 9), [1, 9, 9]],
    ["maskedFill with a tensor", () => ops.maskedFill(x(), ops.gt(x(), 2), tensor(8)), [1, 2, 8]],
    ["add_", () => ops.add_(x(), 1), [2, 3, 4]],
    ["mul_", () => ops.mul_(x(), x()), [1, 4, 9]],
    ["fill_", () => ops.fill_(x(), tensor(4)), [4, 4, 4]],
    ["pow_", () => ops.pow_(x(), 2), [1, 4, 9]],
  ])("%s", (_, call, expected) => {
    expect(Array.from(call().toTypedArray(), Number)).toEqual(expected);
  });

  test("an integer tensor stays one", () => {
    expect(ops.add(tensor([1], { dtype: "int64" }), 2).dtype).toBe("int64");
    expect(ops.add(tensor([1], { dtype: "int64" }), 2.5).dtype).toBe("float32");
  });

  test("what neither overload takes is refused", () => {
    expect(() => ops.add(ones([1]), "2" as never)).toThrow(/expected .*, received "2"/);
    expect(() => (ops.add as (x: Tensor) => Tensor)(ones([1]))).toThrow(/other: expected/);
  });
});

describe("overloads by their number of arguments", () => {
  const x = () => tensor([[1, 5, 3]]);
  test("sum, mean, prod, max, min, all, any, squeeze", () => {
    expect([ops.sum(x()), ops.mean(x()), ops.prod(x())].map((y) => y.item())).toEqual([9, 3, 15]);
    expect(ops.sum(x(), 1, true).tolist()).toEqual([[9]]);
    expect(ops.sum(x(), null).item()).toBe(9);
    expect(ops.sum(x(), { dtype: "float64" }).dtype).toBe("float64");
    expect(ops.prod(x(), 0).tolist()).toEqual([1, 5, 3]);
    expect([ops.max(x()).item(), ops.min(x()).item()]).toEqual([5, 1]);
    const { values, indices } = ops.max(x(), 1);
    expect([values.tolist(), indices.tolist()]).toEqual([[5], [1]]);
    expect([ops.all(x()).item(), ops.any(x().sub(1), 0).tolist()]).toEqual([1, [0, 1, 1]]);
    expect([ops.squeeze(x()).shape, ops.squeeze(x(), 1).shape]).toEqual([[3], [1, 3]]);
  });
});

describe("normalize", () => {
  test.each([1, 2, 3])("is x / max(‖x‖, eps), p = %s", (p) => {
    const x = spread(3, 4);
    const rows = x.toArray() as number[][];
    const expected = rows.map((row) => {
      const length = row.reduce((sum, value) => sum + Math.abs(value) ** p, 0) ** (1 / p);
      return row.map((value) => value / Math.max(length, 1e-12));
    });
    expect(ops.normalize(x, { p })).toBeAllclose(expected, 1e-12);
  });

  test("zeros stay zeros, and its intermediates are freed", () => {
    const zeros = tensor([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    const before = settledTensors();
    const made = ops.normalize(zeros, { dim: 0, eps: 1 });
    expect(made.tolist()).toEqual(zeros.tolist());
    made.dispose();
    expect(liveTensors()).toBe(before);
  });

  test("an unknown option is refused", () => {
    expect(() => ops.normalize(ones([1, 1]), { axis: 1 } as object)).toThrow("normalize: options: expected");
  });
});

test("unique gives values, places and counts", () => {
  const { values, inverse, counts } = ops.unique(
    tensor([
      [3, 1],
      [3, 2],
    ]),
  );
  expect([values.tolist(), inverse.tolist(), counts.tolist()]).toEqual([
    [1, 2, 3],
    [
      [2, 0],
      [2, 1],
    ],
    [1, 1, 2],
  ]);
});

describe("interpolate", () => {
  const image = () =>
    tensor(
      Float64Array.from({ length: 4 }, (_, i) => i),
      { shape: [1, 1, 2, 2] },
    );

  test("nearest repeats pixels", () => {
    expect(
      ops
        .interpolate(image(), { size: [4, 2] })
        .at(0, 0)
        .tolist(),
    ).toEqual([
      [0, 1],
      [0, 1],
      [2, 3],
      [2, 3],
    ]);
  });

  test("bilinear, bicubic and antialias are libtorch's own", () => {
    const x = image();
    const size = [3, 5] as const;
    expect(ops.interpolate(x, { size, mode: "bilinear" })).toBeAllclose(
      ops.interpolateBilinear(x, size, false),
    );
    expect(ops.interpolate(x, { size, mode: "bicubic", alignCorners: true })).toBeAllclose(
      ops.interpolateBicubic(x, size, true),
    );
    expect(ops.interpolate(x, { size, mode: "bilinear", antialias: true })).toBeAllclose(
      ops.interpolateBilinearAntialias(x, size, false),
    );
  });

  test.each([
    [
      { size: [1, 1], mode: "cubic" },
      "interpolate: mode: expected nearest, bilinear or bicubic, received cubic",
    ],
    [
      { size: [1, 1], alignCorners: true },
      "interpolate: mode: expected bilinear or bicubic, with alignCorners",
    ],
    [{ size: [1, 1], antialias: true }, "interpolate: mode: expected bilinear, with antialias"],
    [{ shape: [1, 1] }, "interpolate: options: expected one of size"],
  ])("%j is refused", (options, message) => {
    expect(() => ops.interpolate(image(), options as never)).toThrow(message);
  });

  test("a tensor that is no batch of images is refused", () => {
    expect(() => ops.interpolate(ones([2, 2]), { size: [1, 1] })).toThrow(
      "interpolate: expected [n, channels",
    );
  });
});

describe("losses against plain JavaScript", () => {
  const [x, y] = [spread(2, 3), positive(2, 3)];
  const pairs = numbers(x).map((a, i) => [a, numbers(y)[i]!] as const);
  const mean = (f: (a: number, b: number) => number) => pairs.reduce((sum, [a, b]) => sum + f(a, b), 0) / 6;

  test.each<readonly [string, Tensor, number]>([
    ["l1", ops.l1Loss(x, y), mean((a, b) => Math.abs(a - b))],
    ["l1, sum", ops.l1Loss(x, y, ops.REDUCTION.sum), 6 * mean((a, b) => Math.abs(a - b))],
    [
      "smoothL1",
      ops.smoothL1Loss(x, y),
      mean((a, b) => (Math.abs(a - b) < 1 ? 0.5 * (a - b) ** 2 : Math.abs(a - b) - 0.5)),
    ],
    [
      "binaryCrossEntropyWithLogits",
      ops.binaryCrossEntropyWithLogits(x, ops.div(y, 2)),
      mean((a, b) => Math.log(1 + Math.exp(a)) - (a * b) / 2),
    ],
    ["klDiv", ops.klDiv(x, y), mean((a, b) => b * (Math.log(b) - a))],
  ])("%s", (_, loss, expected) => {
    expect(loss).toBeAllclose(expected, 1e-12);
  });

  test("nllLoss picks, cosineSimilarity divides, layerNorm normalises, embedding looks up", () => {
    const target = tensor([2, 0], { dtype: "int64" });
    const [a, b] = [x.tolist(), y.tolist()] as [number[][], number[][]];
    expect(ops.nllLoss(x, target)).toBeAllclose(-(a[0]![2]! + a[1]![0]!) / 2, 1e-12);
    const dot = (u: number[], v: number[]) => u.reduce((sum, value, i) => sum + value * v[i]!, 0);
    const cosine = a.map((u, i) => dot(u, b[i]!) / Math.sqrt(dot(u, u) * dot(b[i]!, b[i]!)));
    expect(ops.cosineSimilarity(x, y)).toBeAllclose(cosine, 1e-12);
    const normal = a.map((row) => {
      const m = row.reduce((sum, value) => sum + value, 0) / 3;
      const v = row.reduce((sum, value) => sum + (value - m) ** 2, 0) / 3;
      return row.map((value) => (value - m) / Math.sqrt(v + 1e-5));
    });
    expect(ops.layerNorm(x, [3])).toBeAllclose(normal, 1e-12);
    expect(ops.embedding(x, target.sub(target).add(1))).toBeAllclose([a[1]!, a[1]!], 1e-12);
  });
});

describe("new tensors like others", () => {
  test("shape, dtype and device are the other's, unless named", () => {
    const like = ones([2, 3], { dtype: "float64" });
    for (const made of [zerosLike(like), fullLike(like, 7), randLike(like), randnLike(like)])
      expect(made.describe()).toBe("float64[2, 3]");
    expect(fullLike(like, 7, { dtype: "int64" }).sum().item()).toBe(42);
    expect(randnLike(like, { dtype: "float32" }).dtype).toBe("float32");
  });

  test("random ones draw from a generator", () => {
    const like = ones([4]);
    const draw = () => randnLike(like, { generator: Generator.seeded(3) }).tolist();
    expect(draw()).toEqual(draw());
    expect(draw()).toEqual(randn([4], { generator: Generator.seeded(3) }).tolist());
  });

  test("manualSeed starts the default generator anew", () => {
    manualSeed(5);
    const first = rand([3]).tolist();
    manualSeed(5);
    expect(rand([3]).tolist()).toEqual(first);
    expect(() => manualSeed(-1)).toThrow("expected an integer in [0, 2^64), received -1");
  });
});

test("results by name belong to the enclosing scope", () => {
  const before = settledTensors();
  const x = tensor([3, 1, 2]);
  scope(() => {
    const { values, indices } = scope(() => x.sort());
    expect([values.tolist(), indices.tolist()]).toEqual([
      [1, 2, 3],
      [1, 2, 0],
    ]);
  });
  x.dispose();
  expect(liveTensors()).toBe(before);
});
