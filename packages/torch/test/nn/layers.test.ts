import { arange, Generator, nn, ops, randn, type Tensor, tensor, zeros } from "@duchenne/torch";
import { describe, expect, test } from "vitest";

const generator = Generator.seeded(11);

type Grid = number[][];
type Volume = Grid[];

/** Cross-correlation in loops: [channels, h, w] by [out, channels, kh, kw]. */
function convolve(image: Volume, kernels: Volume[], bias: number[], stride: number, padding: number): Volume {
  const at = (c: number, y: number, x: number) => image[c]?.[y]?.[x] ?? 0;
  return kernels.map((kernel, o) => {
    const [kh, kw] = [kernel[0]!.length, kernel[0]![0]!.length];
    const height = Math.floor((image[0]!.length + 2 * padding - kh) / stride) + 1;
    const width = Math.floor((image[0]![0]!.length + 2 * padding - kw) / stride) + 1;
    return Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_, x) => {
        let sum = bias[o]!;
        for (const [c, plane] of kernel.entries())
          for (const [i, row] of plane.entries())
            for (const [j, weight] of row.entries())
              sum += weight * at(c, y * stride + i - padding, x * stride + j - padding);
        return sum;
      }),
    );
  });
}

function windows(
  grid: Grid,
  size: number,
  stride: number,
  padding: number,
  outside: number,
  reduce: (v: number[]) => number,
): Grid {
  const out: Grid = [];
  for (let y = -padding; y + size <= grid.length + padding; y += stride) {
    const row: number[] = [];
    for (let x = -padding; x + size <= grid[0]!.length + padding; x += stride) {
      const values: number[] = [];
      for (let i = y; i < y + size; i++)
        for (let j = x; j < x + size; j++) values.push(grid[i]?.[j] ?? outside);
      row.push(reduce(values));
    }
    out.push(row);
  }
  return out;
}

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;

describe("layers against loops", () => {
  test("Linear", () => {
    const layer = new nn.Linear(3, 2, { generator });
    const x = randn([4, 3], { generator });
    const [weight, bias] = [layer.weight.toArray() as Grid, layer.bias!.toArray() as number[]];
    const expected = (x.toArray() as Grid).map((row) =>
      weight.map((w, o) => w.reduce((sum, v, i) => sum + v * row[i]!, bias[o]!)),
    );
    expect(layer.call(x)).toBeAllclose(expected.flat());
    expect(new nn.Linear(3, 2, { bias: false }).bias).toBeNull();
  });

  test.each([
    { stride: 1, padding: 0 },
    { stride: 2, padding: 1 },
  ])("Conv2d $stride $padding", ({ stride, padding }) => {
    const layer = new nn.Conv2d(2, 3, 3, { stride, padding, generator });
    const x = randn([1, 2, 7, 6], { generator });
    const expected = convolve(
      (x.toArray() as unknown as Volume[])[0]!,
      layer.weight.toArray() as unknown as Volume[],
      layer.bias!.toArray() as number[],
      stride,
      padding,
    );
    expect(layer.call(x)).toBeAllclose(expected.flat(2));
    expect(layer.to({ memoryFormat: "channelsLast" }).call(x)).toBeAllclose(expected.flat(2));
  });

  test("Conv2d in groups is one Conv2d a group", () => {
    const layer = new nn.Conv2d(4, 6, 3, { groups: 2, bias: false, generator });
    const x = randn([2, 4, 5, 5], { generator });
    const half = (i: number) => ops.conv2d(x.at([], [2 * i, 2 * i + 2]), layer.weight.at([3 * i, 3 * i + 3]));
    expect(layer.call(x)).toBeAllclose(ops.cat([half(0), half(1)], 1));
    expect(() => new nn.Conv2d(4, 6, 3, { groups: 3 })).toThrow(
      "Conv2d: groups: expected a divisor of 4 and 6, received 3",
    );
  });

  test("pools", () => {
    const x = randn([1, 1, 6, 7], { generator });
    const grid = (x.toArray() as unknown as Volume[])[0]![0]!;
    const largest = (values: number[]) => Math.max(...values);
    expect(new nn.MaxPool2d(3, { stride: 2, padding: 1 }).call(x)).toBeAllclose(
      windows(grid, 3, 2, 1, Number.NEGATIVE_INFINITY, largest).flat(),
    );
    expect(new nn.MaxPool2d(2).call(x)).toBeAllclose(windows(grid, 2, 2, 0, 0, largest).flat());
    expect(new nn.AvgPool2d(3, { stride: 2, padding: 1 }).call(x)).toBeAllclose(
      windows(grid, 3, 2, 1, 0, mean).flat(),
    );
    expect(new nn.AdaptiveAvgPool2d(1).call(x)).toBeAllclose([mean(grid.flat())]);
    expect(new nn.AdaptiveAvgPool2d([2, 1]).call(x).shape).toEqual([1, 1, 2, 1]);
  });

  test("activations", () => {
    const values = [-3, -0.5, 0, 0.5, 3];
    const x = tensor(values, { dtype: "float64" });
    const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));
    const against = (layer: nn.Module, formula: (v: number) => number) =>
      expect(layer.call(x)).toBeAllclose(values.map(formula));
    against(new nn.ReLU(), (v) => Math.max(v, 0));
    against(new nn.LeakyReLU(0.2), (v) => (v > 0 ? v : 0.2 * v));
    against(new nn.Sigmoid(), sigmoid);
    against(new nn.SiLU(), (v) => v * sigmoid(v));
    against(new nn.Tanh(), Math.tanh);
    // Φ(±0.5) and Φ(±3) from a table of the normal distribution.
    const phi = new Map([
      [-3, 0.0013498980316300933],
      [-0.5, 0.3085375387259869],
      [0, 0.5],
      [0.5, 0.6914624612740131],
      [3, 0.9986501019683699],
    ]);
    against(new nn.GELU(), (v) => v * phi.get(v)!);
    const inPlace = tensor([-1, 2]);
    new nn.ReLU({ inPlace: true }).call(inPlace);
    expect(inPlace.toArray()).toEqual([0, 2]);
  });
});

describe("BatchNorm", () => {
  const columns = (x: Tensor) =>
    (x.t().toArray() as Grid).map((column) => {
      const average = mean(column);
      return { average, biased: mean(column.map((v) => (v - average) ** 2)), n: column.length };
    });

  test("normalises by the batch, moves the running statistics, and uses them in evaluation", () => {
    const layer = new nn.BatchNorm1d(3, { momentum: 0.2 });
    const x = randn([8, 3], { generator }).mul(3).add(1);
    const statistics = columns(x);
    const expected = (x.toArray() as Grid).map((row) =>
      row.map((v, i) => (v - statistics[i]!.average) / Math.sqrt(statistics[i]!.biased + 1e-5)),
    );
    expect(layer.call(x)).toBeAllclose(expected.flat());
    expect(layer.runningMean).toBeAllclose(statistics.map(({ average }) => 0.2 * average));
    expect(layer.runningVar).toBeAllclose(
      statistics.map(({ biased, n }) => 0.8 + (0.2 * biased * n) / (n - 1)),
    );
    expect(layer.numBatchesTracked.item()).toBe(1);
    const [average, variance] = [
      layer.runningMean.toArray() as number[],
      layer.runningVar.toArray() as number[],
    ];
    const evaluated = (x.toArray() as Grid).map((row) =>
      row.map((v, i) => (v - average[i]!) / Math.sqrt(variance[i]! + 1e-5)),
    );
    expect(layer.eval().call(x)).toBeAllclose(evaluated.flat());
    expect(layer.numBatchesTracked.item()).toBe(1);
  });

  test("over images it is BatchNorm1d over all pixels", () => {
    const images = randn([2, 3, 4, 5], { generator });
    const pixels = images.permute(0, 2, 3, 1).reshape(-1, 3);
    const expected = new nn.BatchNorm1d(3).call(pixels).reshape(2, 4, 5, 3).permute(0, 3, 1, 2);
    expect(new nn.BatchNorm2d(3).call(images)).toBeAllclose(expected);
  });

  test("refuses other dimensions by name", () => {
    expect(() => new nn.BatchNorm2d(3).call(zeros([2, 3]))).toThrow(
      "BatchNorm2d: expected 4 dimensions, received float32[2, 3]",
    );
    expect(() => new nn.BatchNorm1d(3).call(zeros([2, 3, 4, 4]))).toThrow(
      "BatchNorm1d: expected 2 or 3 dimensions",
    );
  });
});

describe("Dropout", () => {
  test("drops a share p, scales the rest, passes in evaluation", () => {
    const layer = new nn.Dropout(0.3, { generator: Generator.seeded(3) });
    const values = layer.call(tensor(new Float32Array(20_000).fill(1))).toArray() as number[];
    const kept = values.filter((v) => v !== 0);
    expect(Math.abs(kept.length / values.length - 0.7)).toBeLessThan(0.015); // four standard deviations
    expect(kept).toBeAllclose(
      kept.map(() => 1 / 0.7),
      1e-6,
    );
    const x = arange(0, 5);
    expect(layer.eval().call(x)).toBe(x);
  });

  test("the same generator drops the same; its gradient is the mask", () => {
    const drop = () => {
      const x = tensor(new Float32Array(50).fill(2), { requiresGrad: true });
      const y = new nn.Dropout(0.5, { generator: Generator.seeded(4) }).call(x);
      y.sum().backward();
      return [y.toArray(), x.grad!.toArray()] as [number[], number[]];
    };
    const [values, gradients] = drop();
    expect(drop()).toEqual([values, gradients]);
    expect(values).toEqual(gradients.map((g) => 2 * g));
  });

  test.each([-0.1, 1, Number.NaN])("refuses p = %s", (p) => {
    expect(() => new nn.Dropout(p)).toThrow("Dropout: p: expected a probability in [0, 1)");
  });
});
