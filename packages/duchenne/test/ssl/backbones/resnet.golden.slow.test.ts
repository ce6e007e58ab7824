import { readFileSync } from "node:fs";
import { ops, type Tensor, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { RESNETS, ResNet, type ResNetName } from "../../../src/ssl/backbones/resnet.ts";
import { goldenPath } from "../../golden.ts";

interface Case {
  arch: ResNetName;
  inputShape: number[];
  inputFormula: string;
  labels: number[];
  stateKeys: string[];
  evalLogits: { data: number[] };
  trainLogits: { data: number[] };
  trainLoss: number;
  gradNormAndFirst: Record<string, [norm: number, first: number]>;
  runningMeanAfter: number[];
  runningVarAfter: number[];
}

const { note, cases } = JSON.parse(readFileSync(goldenPath("resnet.json"), "utf8")) as {
  note: string;
  cases: Case[];
};

/** The numbers in a text, where a pattern has groups. @throws Error if the text has another form */
function numbersIn(text: string, pattern: RegExp): number[] {
  const found = pattern.exec(text);
  if (!found) throw new Error(`resnet.json: expected a text like ${pattern}, received ${text}`);
  return found.slice(1).map(Number);
}

const [frequency, modulus] = numbersIn(note, /sin\((\d+(?:\.\d+)?) \* \(\(i\*i\) mod (\d+)\) \+ k\)/) as [
  number,
  number,
];
const [perFanIn, otherwise] = numbersIn(
  note,
  /amp is (\d+(?:\.\d+)?)\/sqrt\(fan_in\).*?, (\d+(?:\.\d+)?) otherwise/,
) as [number, number];
const [lastNormFactor] = numbersIn(
  note,
  /last norm weight of every residual block .* is multiplied by (\d+(?:\.\d+)?)/,
) as [number];

/** Values of the k-th state entry, by the formula in the file's note. */
function fill(name: string, shape: readonly number[], k: number, lastNorm: string): Float32Array {
  const [, ...inputs] = shape;
  const isNorm = /(bn\d|downsample\.1)\.weight$/.test(name);
  const offset = isNorm || name.endsWith("running_var") ? 1 : 0;
  const amplitude = inputs.length > 0 ? perFanIn / Math.sqrt(product(inputs)) : otherwise;
  const factor = new RegExp(`layer\\d\\.\\d+\\.${lastNorm}\\.weight`).test(name) ? lastNormFactor : 1;
  const value = (i: number) => factor * (offset + amplitude * Math.sin(frequency * ((i * i) % modulus) + k));
  return Float32Array.from({ length: product(shape) }, (_, i) => value(i));
}

function filledState(model: ResNet, lastNorm: string): Map<string, Tensor> {
  const entries = [...model.stateDict()].map(([name, { shape }], k): [string, Tensor] => [
    name,
    name.endsWith("num_batches_tracked")
      ? tensor(0, { dtype: "int64" })
      : tensor(fill(name, shape, k, lastNorm), { shape }),
  ]);
  return new Map(entries);
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

/** The input by its formula in the file, e.g. `float32(sin(0.013*i + 8))`. */
function input({ inputShape: shape, inputFormula }: Case): Tensor {
  const [slope, phase] = numbersIn(
    inputFormula,
    /^float32\(sin\((\d+(?:\.\d+)?)\*i \+ (\d+(?:\.\d+)?)\)\)/,
  ) as [number, number];
  return tensor(
    Float32Array.from({ length: product(shape) }, (_, i) => Math.sin(slope * i + phase)),
    { shape },
  );
}

describe.each(cases)("$arch against torchvision", (golden) => {
  const lastNorm = RESNETS[golden.arch].bottleneck ? "bn3" : "bn2";
  const labels = tensor(golden.labels, { dtype: "int64" });

  let state: Map<string, Tensor> | undefined;

  function build(): ResNet {
    const model = new ResNet(golden.arch, { numClasses: 16 });
    state ??= filledState(model, lastNorm);
    model.loadStateDict(state);
    return model;
  }

  test("state names, in order", () => {
    using model = build();
    expect([...model.stateDict().keys()]).toEqual(golden.stateKeys);
  });

  test("logits, loss and gradient norms in float32", () => {
    using model = build();
    const images = input(golden);
    expect(model.eval().call(images)).toBeAllclose(golden.evalLogits.data);
    const logits = model.train().call(images);
    const loss = ops.crossEntropy(logits, labels);
    loss.backward();
    expect(logits).toBeAllclose(golden.trainLogits.data);
    expect(loss).toBeAllclose(golden.trainLoss);
    for (const [name, gradient, norm] of gradients(model, golden))
      expect([name, normOf(gradient)]).toEqual([
        name,
        expect.toSatisfy((value: number) => Math.abs(value - norm) <= 0.01 * norm),
      ]);
  });

  // In the golden file's own precision nothing is left to rounding.
  test("logits, gradients and running statistics in float64", () => {
    using model = build().to({ dtype: "float64" });
    const logits = model.call(input(golden).to({ dtype: "float64" }));
    ops.crossEntropy(logits, labels).backward();
    expect(logits).toBeAllclose(golden.trainLogits.data);
    for (const [, gradient, norm, first] of gradients(model, golden)) {
      expect(normOf(gradient)).toBeAllclose(norm, 1e-7);
      expect(gradient.flatten().at(0).item()).toBeAllclose(first, 1e-7);
    }
    const after = model.stateDict();
    expect(after.get("bn1.running_mean")!.at([0, 8])).toBeAllclose(golden.runningMeanAfter);
    expect(after.get("bn1.running_var")!.at([0, 8])).toBeAllclose(golden.runningVarAfter);
  });
});

function gradients(
  model: ResNet,
  golden: Case,
): [name: string, gradient: Tensor, norm: number, first: number][] {
  const parameters = new Map(model.namedParameters());
  return Object.entries(golden.gradNormAndFirst).map(([name, [norm, first]]) => [
    name,
    parameters.get(name)!.grad!,
    norm,
    first,
  ]);
}

function normOf(gradient: Tensor): number {
  return ops.norm(gradient.flatten(), 2, 0).item();
}
