import { type Tensor, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";

describe("methods", () => {
  const x = () =>
    tensor([
      [1, -2, 3],
      [-4, 5, -6],
    ]);
  test.each<readonly [string, () => Tensor, unknown]>([
    ["prod", () => x().prod(), -720],
    [
      "norm",
      () =>
        tensor([
          [2, 3],
          [6, 0],
        ]).norm(),
      7,
    ],
    ["norm of another order", () => x().norm(1), 21],
    ["norm of rows", () => tensor([[3, 4]]).norm(2, 1, true), [[5]]],
    ["prod of columns", () => x().prod(0), [-4, -10, -18]],
    ["all", () => x().all(), 1],
    ["any of rows", () => x().gt(4).any(1), [0, 1]],
    ["cumsum", () => x().cumsum(1).at(0), [1, -1, 2]],
    [
      "topk",
      () => x().topk(2).values,
      [
        [3, 1],
        [5, -4],
      ],
    ],
    ["topk, smallest", () => x().topk(1, 1, false).indices, [[1], [2]]],
    ["sort", () => x().sort(1, true).values.at(0), [3, 1, -2]],
    [
      "argsort",
      () => x().argsort(),
      [
        [1, 0, 2],
        [2, 0, 1],
      ],
    ],
    [
      "mm",
      () => x().mm(x().t()),
      [
        [14, -32],
        [-32, 77],
      ],
    ],
    [
      "bmm",
      () => x().unsqueeze(0).bmm(x().t().unsqueeze(0)).at(0),
      [
        [14, -32],
        [-32, 77],
      ],
    ],
    [
      "outer",
      () => tensor([1, 2]).outer(tensor([3, 4])),
      [
        [3, 4],
        [6, 8],
      ],
    ],
    ["gather", () => x().gather(1, tensor([[2], [0]], { dtype: "int64" })), [[3], [-4]]],
    ["indexSelect", () => x().indexSelect(1, tensor([1], { dtype: "int64" })), [[-2], [5]]],
    ["maskedSelect", () => x().maskedSelect(x().gt(2)), [3, 5]],
    [
      "maskedFill",
      () => x().maskedFill(x().lt(0), 0),
      [
        [1, 0, 3],
        [0, 5, 0],
      ],
    ],
    [
      "nonzero",
      () => x().gt(2).nonzero(),
      [
        [0, 2],
        [1, 1],
      ],
    ],
    [
      "where",
      () => x().where(x().gt(0), -1),
      [
        [1, -1, 3],
        [-1, 5, -1],
      ],
    ],
    ["isinf", () => tensor([1, Number.POSITIVE_INFINITY]).isinf(), [0, 1]],
    ["isnan", () => tensor([1, Number.NaN]).isnan(), [0, 1]],
    ["isfinite", () => tensor([1, Number.NaN]).isfinite().logicalNot(), [0, 1]],
    [
      "logsumexp",
      () =>
        tensor([[0, 0]])
          .logsumexp(1)
          .exp(),
      [2],
    ],
    [
      "logSoftmax",
      () =>
        tensor([[0, 0]])
          .logSoftmax(1)
          .exp(),
      [[0.5, 0.5]],
    ],
    [
      "repeat",
      () => tensor([1, 2]).repeat(2, 1),
      [
        [1, 2],
        [1, 2],
      ],
    ],
    ["split", () => x().split(2, 1)[1]!, [[3], [-6]]],
    ["chunk", () => x().chunk(2)[1]!, [[-4, 5, -6]]],
    ["unbind", () => x().unbind(1)[0]!, [1, -4]],
    [
      "view of an array",
      () => x().view([3, 2]),
      [
        [1, -2],
        [3, -4],
        [5, -6],
      ],
    ],
    ["reshape of an array", () => x().reshape([-1]).at([0, 2]), [1, -2]],
    ["permute of an array", () => x().permute([1, 0]).at(0), [1, -4]],
    ["squeeze of all", () => x().at([0, 1]).unsqueeze(0).squeeze(), [1, -2, 3]],
    [
      "sub",
      () => x().sub(1),
      [
        [0, -3, 2],
        [-5, 4, -7],
      ],
    ],
    [
      "sub tensor",
      () => x().sub(x()),
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
    ],
    [
      "div",
      () => x().div(2),
      [
        [0.5, -1, 1.5],
        [-2, 2.5, -3],
      ],
    ],
    [
      "remainder",
      () => x().remainder(7),
      [
        [1, 5, 3],
        [3, 5, 1],
      ],
    ],
    [
      "pow",
      () => x().pow(2),
      [
        [1, 4, 9],
        [16, 25, 36],
      ],
    ],
    [
      "neg",
      () => x().neg(),
      [
        [-1, 2, -3],
        [4, -5, 6],
      ],
    ],
    [
      "abs",
      () => x().abs(),
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [
      "relu",
      () => x().relu(),
      [
        [1, 0, 3],
        [0, 5, 0],
      ],
    ],
    [
      "clamp",
      () => x().clamp(-1, 2),
      [
        [1, -1, 2],
        [-1, 2, -1],
      ],
    ],
    [
      "clamp below",
      () => x().clamp(0),
      [
        [1, 0, 3],
        [0, 5, 0],
      ],
    ],
    [
      "clamp above",
      () => x().clamp(null, 0),
      [
        [0, -2, 0],
        [-4, 0, -6],
      ],
    ],
    ["sum", () => x().sum(), -3],
    ["sum of a dimension", () => x().sum(0), [-3, 3, -3]],
    ["sum, kept", () => x().sum(-1, true), [[2], [-5]]],
    ["sum of both", () => x().sum([0, 1]), -3],
    ["mean", () => x().mean(1), [2 / 3, -5 / 3].map(Math.fround)],
    ["max", () => x().max(), 5],
    ["max of a dimension", () => x().max(0), [1, 5, 3]],
    ["min", () => x().min(1), [-2, -6]],
    ["argmax", () => x().argmax(), 4],
    ["argmax of a dimension", () => x().argmax(1), [2, 1]],
    ["argmin", () => x().argmin(0, true), [[1, 0, 1]]],
    [
      "matmul",
      () => x().matmul(x().t()),
      [
        [14, -32],
        [-32, 77],
      ],
    ],
    [
      "permute",
      () => x().permute(1, 0),
      [
        [1, -4],
        [-2, 5],
        [3, -6],
      ],
    ],
    [
      "transpose",
      () => x().transpose(0, -1),
      [
        [1, -4],
        [-2, 5],
        [3, -6],
      ],
    ],
    ["flatten", () => x().flatten(), [1, -2, 3, -4, 5, -6]],
    [
      "squeeze",
      () => x().unsqueeze(0).squeeze(0),
      [
        [1, -2, 3],
        [-4, 5, -6],
      ],
    ],
    [
      "expand",
      () => tensor([[1], [2]]).expand(-1, 2),
      [
        [1, 1],
        [2, 2],
      ],
    ],
    ["to int64", () => tensor([1.7, -1.7]).to({ dtype: "int64" }), [1, -1]],
  ])("%s", (_, compute, expected) => {
    expect(compute().toArray()).toEqual(expected);
  });

  test("var and std divide by n − 1; softmax sums to one", () => {
    expect(tensor([1, 2, 3, 4]).var()).toBeAllclose([5 / 3]);
    expect(
      tensor([
        [1, 3],
        [2, 6],
      ]).std(1),
    ).toBeAllclose([Math.SQRT2, 2 * Math.SQRT2]);
    expect(x().softmax(1).sum(1)).toBeAllclose([1, 1]);
    expect(tensor([1]).exp().log().sqrt().sigmoid().tanh()).toBeAllclose([Math.tanh(1 / (1 + Math.exp(-1)))]);
  });
});
