import { ArgumentError, nn, ones, optim, randn, sharedTensor, tensor, zeros } from "@duchenne/torch";
import { describe, expect, test } from "vitest";

/** What a caller without types, or with stale ones, may write. */
function untyped<T>(options: object): T {
  return options as T;
}

describe("an option nobody knows is refused by name, not ignored", () => {
  const parameters = [ones([2], { requiresGrad: true })];
  test.each<[string, () => unknown, string]>([
    [
      "zeros",
      () => zeros([2], untyped({ dtpye: "int64" })),
      "zeros: options: expected one of dtype, device, requiresGrad, received dtpye",
    ],
    ["ones has no generator", () => ones([2], untyped({ generator: null })), "ones: options"],
    [
      "randn",
      () => randn([2], untyped({ seed: 1 })),
      "randn: options: expected one of dtype, device, requiresGrad, generator, received seed",
    ],
    ["tensor", () => tensor([1], untyped({ size: [1] })), "tensor: options"],
    ["to", () => ones([1]).to(untyped({ type: "int64" })), "to: options"],
    [
      "Linear",
      () => new nn.Linear(1, 1, untyped({ bais: false })),
      "Linear: options: expected one of bias, generator, received bais",
    ],
    ["Conv2d", () => new nn.Conv2d(1, 1, 3, untyped({ strides: 2 })), "Conv2d: options"],
    ["BatchNorm2d", () => new nn.BatchNorm2d(1, untyped({ epsilon: 1 })), "BatchNorm2d: options"],
    ["MaxPool2d", () => new nn.MaxPool2d(2, untyped({ pad: 1 })), "MaxPool2d: options"],
    ["Dropout", () => new nn.Dropout(0.5, untyped({ seed: 1 })), "Dropout: options"],
    [
      "Adam",
      () => new optim.Adam(parameters, untyped({ weight_decay: 1 })),
      "Adam: options: expected one of lr, beta1, beta2, eps, weightDecay, received weight_decay",
    ],
    [
      "a group of SGD",
      () => new optim.SGD([untyped<optim.ParameterGroup<optim.SGDOptions>>({ parameters, rate: 1 })]),
      "SGD: options: expected one of parameters, lr,",
    ],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(ArgumentError);
    expect(call).toThrow(message);
  });

  test("a learning rate set later keeps to its range", () => {
    const optimizer = new optim.SGD(parameters);
    expect(() => optimizer.setLearningRate(-1)).toThrow("SGD: lr: expected a number in [0,");
    expect(() => optimizer.setLearningRate(Number.NaN)).toThrow("received NaN");
  });
});

test("sharedTensor reads memory only as what it is", () => {
  expect(() => sharedTensor(Int32Array.of(1), [1], "float32")).toThrow(
    "sharedTensor: dtype: expected int32, as the array's, received float32",
  );
  expect(sharedTensor(Uint8Array.of(1, 0), [2], "bool").dtype).toBe("bool");
  expect(sharedTensor(Uint16Array.of(0x3c00), [1], "float16").item()).toBe(1);
});
