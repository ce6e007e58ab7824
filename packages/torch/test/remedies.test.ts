// What a refusal says to do.
import {
  ArgumentError,
  DisposedError,
  dispatch,
  empty,
  manualSeed,
  nn,
  OperatorError,
  ones,
  ops,
  optim,
  scope,
  setThreads,
  type Tensor,
  TorchError,
  tensor,
  zeros,
} from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { remedyOf } from "../src/core/remedies.ts";

function caught<E>(kind: new (...values: never[]) => E, action: () => unknown): E {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(kind);
    return error as E;
  }
  return expect.unreachable("expected an error");
}

const floats = ones([2, 3]);
const doubles = ones([2, 3], { dtype: "float64" });
const integers = tensor([0, 1], { dtype: "int64" });
/** Integers as JavaScript has them: float32 without a dtype. */
const asFloats = tensor([0, 1]);

describe("dtypes that do not go together", () => {
  test.each<readonly [string, () => unknown]>([
    ["mm", () => floats.mm(doubles.t())],
    ["bmm", () => floats.unsqueeze(0).bmm(doubles.t().unsqueeze(0))],
    ["layer norm", () => ops.layerNorm(floats, [3], ones([3], { dtype: "float64" }))],
    ["index_put", () => ones([2, 3]).setAt([integers], doubles)],
    ["a list", () => ops.einsum("ij,kj->ik", [floats, doubles])],
  ])("%s names both, and how to convert", (_, call) => {
    const { message, remedy, reason } = caught(OperatorError, call);
    expect(remedy).toBe(
      'The tensors are float32 and float64: convert them to one dtype, as `x.to({ dtype: "float32" })`, or a whole module with its `to`.',
    );
    expect(message).toContain(`${reason.replace(/\.$/, "")}. ${remedy}`);
  });

  test("pixels of bytes given to a layer want the layer's dtype", () => {
    const image = zeros([1, 3, 4, 4], { dtype: "uint8" });
    expect(caught(OperatorError, () => new nn.Conv2d(3, 1, 3).call(image)).remedy).toMatch(
      /^The tensors are uint8 and float32: .*`x\.to\(\{ dtype: "float32" \}\)`/,
    );
  });

  test.each<readonly [string, () => unknown]>([
    ["mean", () => integers.mean()],
    ["softmax", () => integers.softmax(0)],
    ["requiresGrad_", () => tensor([1], { dtype: "int64" }).requiresGrad_()],
    ["add_", () => tensor([1], { dtype: "int64" }).add_(1.5)],
  ])("%s of integers says to convert first", (_, call) => {
    expect(caught(OperatorError, call).remedy).toBe(
      'The tensor is int64: convert it first, `x.to({ dtype: "float32" })`.',
    );
  });

  test("a mask that is none", () => {
    expect(caught(OperatorError, () => ops.where(floats, floats, 0)).remedy).toMatch(
      /^`condition` is float32, and a mask is bool: compare, as `x\.gt\(0\)` does/,
    );
    expect(caught(OperatorError, () => floats.maskedSelect(floats)).remedy).toMatch(/^`mask` is float32/);
  });
});

describe("integers given as floats", () => {
  test.each<readonly [string, string, () => unknown]>([
    ["class labels", "target", () => ops.crossEntropy(floats, asFloats)],
    ["class labels of nllLoss", "target", () => ops.nllLoss(floats, asFloats)],
    ["indices", "indices", () => floats.at(asFloats)],
    ["an index of gather", "index", () => floats.gather(1, ones([2, 1]))],
    ["an index of indexSelect", "index", () => floats.indexSelect(0, asFloats)],
    ["an index of scatter", "index", () => ops.scatter(floats, 1, ones([2, 1]), floats)],
    ["tokens", "indices", () => ops.embedding(floats, asFloats)],
    ["classes of oneHot", "self", () => ops.oneHot(asFloats)],
    ["numbers to count", "self", () => ops.bincount(asFloats)],
  ])("%s", (_, argument, call) => {
    const { remedy } = caught(OperatorError, call);
    expect(remedy).toContain(`\`${argument}\` is float32, and indices and class labels are int64`);
    expect(remedy).toContain('`tensor([0, 1], { dtype: "int64" })`');
  });

  test("int32 labels, which libtorch refuses too", () => {
    const labels = tensor([0, 1], { dtype: "int32" });
    expect(caught(OperatorError, () => ops.crossEntropy(floats, labels)).remedy).toContain(
      "`target` is int32",
    );
  });

  test("probabilities of another dtype are no labels", () => {
    const { remedy } = caught(OperatorError, () => ops.binaryCrossEntropy(floats, doubles));
    expect(remedy).toMatch(/^The tensors are float32 and float64/);
  });

  test.each<readonly [string, () => unknown]>([
    ["a dimension", () => floats.unsqueeze(0.5)],
    ["a size in a list", () => floats.view(0.5, 12)],
    ["a number", () => floats.topk(0.5)],
  ])("%s with a fraction", (_, call) => {
    const { expected, remedy } = caught(ArgumentError, call);
    expect(expected).toMatch(/^int(\[\])?$/);
    expect(remedy).toBe("Round it first: `Math.floor(0.5)`.");
  });
});

describe("a tensor used too late", () => {
  const after = (make: () => Tensor): Tensor => {
    let left: Tensor | undefined;
    scope(() => {
      left = make();
    });
    return left!;
  };
  const scoped = after(() => ones([1]).add(1));
  const disposed = ones([1]);
  disposed.dispose();

  test.each<readonly [string, (x: Tensor) => unknown]>([
    ["an operator", (x) => x.add(1)],
    ["a list", (x) => ops.cat([x])],
    ["its shape", (x) => x.shape],
    ["its values", (x) => x.tolist()],
    ["its gradient", (x) => x.grad],
    ["its layout", (x) => x.isContiguous()],
    ["as a gradient", (x) => Object.assign(ones([1]), { grad: x })],
  ])("%s: its scope, or dispose, is named", (_, use) => {
    const { message } = caught(DisposedError, () => use(scoped));
    expect(message).toContain(
      "received a disposed Tensor: the scope it was made in has ended. Return it from",
    );
    expect(message).toContain("`keep(x)`");
    expect(caught(DisposedError, () => use(disposed)).message).toContain("`dispose` or `using` freed it");
  });

  test("what a module's forward keeps back is explained the same way", () => {
    class Hoarder extends nn.Module {
      features: Tensor | null = null;
      override forward(x: Tensor): Tensor {
        this.features = x.add(1);
        return this.features.sum();
      }
    }
    const module = new Hoarder();
    module.call(ones([2]));
    expect(caught(DisposedError, () => module.features!.mean()).message).toContain(
      "or from the module's `forward`",
    );
  });
});

describe("what has another remedy, or none", () => {
  test("a parameter changed in place", () => {
    expect(caught(OperatorError, () => ones([1], { requiresGrad: true }).add_(1)).remedy).toContain(
      "`noGrad(",
    );
  });

  test("a loss that nothing is trained by", () => {
    expect(caught(OperatorError, () => ones([1]).backward()).remedy).toContain("`requiresGrad: true`");
  });

  test("a graph used twice", () => {
    const x = ones([2], { requiresGrad: true });
    const loss = x.mul(x).sum();
    loss.backward();
    expect(caught(OperatorError, () => loss.backward()).remedy).toContain(
      "`backward(null, { retainGraph: true })`",
    );
  });

  test("a gradient through two dtypes", () => {
    const x = ones([2], { requiresGrad: true });
    const loss = ops.mseLoss(x, ones([2], { dtype: "float64" }));
    const expected = "give a loss's target the prediction's, `y.to({ dtype: x.dtype })`.";
    try {
      loss.backward(); // newer libtorch converts
    } catch (error) {
      expect((error as OperatorError).remedy).toContain(expected);
    }
  });

  test("a layer's dtype is the one to convert to", () => {
    const { remedy } = caught(OperatorError, () => new nn.Linear(3, 1).call(doubles));
    expect(remedy).toContain('`x.to({ dtype: "float32" })`');
  });

  test("shapes", () => {
    const error = caught(OperatorError, () => floats.mm(floats));
    expect(error.remedy).toMatch(/^Compare the shapes, dtypes and values in parentheses/);
    expect(error.message).toContain(`(float32[2, 3], float32[2, 3]): ${error.reason}`);
  });
});

describe("every refusal says what to do, last", () => {
  const odd = (value: unknown) => value as never;
  test.each<readonly [string, () => unknown]>([
    ["a seed", () => manualSeed(-1)],
    ["threads", () => setThreads(0)],
    ["an unknown option", () => new nn.Linear(1, 1, odd({ bais: false }))],
    ["a probability", () => new nn.Dropout(2)],
    ["groups", () => new nn.GroupNorm(3, 4)],
    ["parameters", () => new optim.SGD([], { lr: 1 })],
    ["a learning rate", () => new optim.SGD([ones([1]).requiresGrad_()], { lr: -1 })],
    ["a schedule", () => optim.schedules.cosine(1, 0.5)],
    ["lists of two lengths", () => tensor([[1], [1, 2]])],
    ["integers", () => tensor([300], { dtype: "uint8" })],
    ["an array's shape", () => tensor(new Float32Array(3), { shape: [2] })],
    ["a dimension", () => floats.size(5)],
    ["indices", () => floats.at(0, 0, 0)],
    ["one value per channel", () => new nn.BatchNorm1d(3).call(ones([1, 3]))],
    ["a shape", () => new nn.LSTM(3, 4).call(ones([2, 2]))],
    ["a mode", () => ops.interpolate(ones([1, 1, 2]), odd({ mode: "bicubic", size: 4 }))],
    ["an operator's argument", () => ops.relu(odd(1))],
    ["too many arguments", () => dispatch("aten::relu", [floats, floats])],
    ["an operator's dtype", () => ops.zeros([1], odd({ dtype: "float31" }))],
    ["an operator's device", () => ops.zeros([1], { device: "nonsense" })],
    ["shapes", () => floats.mm(floats)],
    ["an index", () => ops.select(floats, 0, 9)],
    ["memory", () => empty([2 ** 50])],
    ["a gradient's shape", () => floats.mul(ones([2, 3]).requiresGrad_()).backward(ones([1]))],
  ])("%s", (_, call) => {
    const { message, remedy } = caught(TorchError, call) as TorchError & { remedy: string };
    expect(remedy).toMatch(/^\S.{10,}[.`]$/s);
    expect(message.endsWith(`. ${remedy}`)).toBe(true);
  });
});

test("a loss takes its reduction by name, and lists the names", () => {
  expect(ops.mseLoss(floats, zeros([2, 3]), "sum").item()).toBe(6);
  expect(ops.mseLoss(floats, zeros([2, 3]), "none").shape).toEqual([2, 3]);
  expect(ops.crossEntropy(floats, integers, null, "sum").item()).toBeCloseTo(2 * Math.log(3), 6);
  expect(() => ops.l1Loss(floats, floats, "average" as never)).toThrow(
    'aten::l1_loss: reduction: expected none, mean, sum, received "average"',
  );
});

test("an operator of this package says itself what to do, and no second remedy follows", () => {
  const reason = "expected a tensor of float32, received bool. Convert it first, with to({ dtype })";
  const masks = [ones([1], { dtype: "bool" })];
  expect(remedyOf("duchenne::all_reduce_", masks, reason)).toBe("");
  expect(remedyOf("aten::all_reduce_", masks, reason)).not.toBe("");
  const ofLibtorch = "mixed dtype (CPU): expect input to have scalar type of BFloat16";
  expect(remedyOf("duchenne::sync_batch_norm", [floats, doubles], ofLibtorch)).toMatch(
    /^The tensors are float32 and float64/,
  );
});

test.each([
  [2.5, /Round it first\.$/],
  [-3, /received -3\. Pass a number of updates\.$/],
  [Number.NaN, /received NaN\. Pass a number of updates\.$/],
])("a schedule of %d steps", (steps, message) => {
  expect(() => optim.schedules.cosine(1, steps)).toThrow(message);
});
