import { readFileSync } from "node:fs";
import { ops, scope, type Tensor, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { ResNet, type ResNetName } from "../../src/backbones/resnet.ts";
import { goldenPath } from "../golden.ts";

interface Case {
  arch: ResNetName;
  inputShape: number[];
  labels: number[];
  stateKeys: string[];
  evalLogits: { data: number[] };
  trainLogits: { data: number[] };
  trainLoss: number;
  gradNormAndFirst: Record<string, [norm: number, first: number]>;
  runningMeanAfter: number[];
  runningVarAfter: number[];
}

const { cases } = JSON.parse(readFileSync(goldenPath("resnet.json"), "utf8")) as { cases: Case[] };

/** Values of the k-th state entry, by the formula in the file's note. */
function fill(name: string, shape: readonly number[], k: number, lastNorm: string): Float32Array {
  const [, ...inputs] = shape;
  const isNorm = /(bn\d|downsample\.1)\.weight$/.test(name);
  const offset = isNorm || name.endsWith("running_var") ? 1 : 0;
  const amplitude = inputs.length > 0 ? 2 / Math.sqrt(product(inputs)) : 0.1;
  const factor = new RegExp(`layer\\d\\.\\d+\\.${lastNorm}\\.weight`).test(name) ? 0.2 : 1;
  const value = (i: number) => factor * (offset + amplitude * Math.sin(0.37 * ((i * i) % 9973) + k));
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

function input(shape: readonly number[]): Tensor {
  return tensor(
    Float32Array.from({ length: product(shape) }, (_, i) => Math.sin(0.013 * i + 8)),
    { shape },
  );
}

describe.each(cases)("$arch against torchvision", (golden) => {
  const model = new ResNet(golden.arch, { numClasses: 16 });
  const lastNorm = golden.arch === "resnet18" || golden.arch === "resnet34" ? "bn2" : "bn3";
  model.loadStateDict(filledState(model, lastNorm));
  const images = input(golden.inputShape);

  test("state names, in order", () => {
    expect([...model.stateDict().keys()]).toEqual(golden.stateKeys);
  });

  test("logits in evaluation", () => {
    expect(model.eval().call(images)).toBeAllclose(golden.evalLogits.data);
  });

  test("logits, loss, gradients and running statistics in training", () => {
    const logits = model.train().call(images);
    const loss = ops.crossEntropy(logits, tensor(golden.labels, { dtype: "int64" }));
    loss.backward();
    expect(logits).toBeAllclose(golden.trainLogits.data);
    expect(loss).toBeAllclose(golden.trainLoss);
    const parameters = new Map(model.namedParameters());
    for (const [name, [norm, first]] of Object.entries(golden.gradNormAndFirst)) {
      const gradient = parameters.get(name)!.grad!;
      expect(scope(() => ops.norm(gradient.flatten(), 2, 0).item())).toBeAllclose(norm, 1e-2);
      expect(gradient.flatten().at(0).item()).toBeAllclose(first, 1e-2);
    }
    const state = model.stateDict();
    expect(state.get("bn1.running_mean")!.at([0, 8])).toBeAllclose(golden.runningMeanAfter);
    expect(state.get("bn1.running_var")!.at([0, 8])).toBeAllclose(golden.runningVarAfter);
  });
});
