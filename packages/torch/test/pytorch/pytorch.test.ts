// Modules and functions against what PyTorch 1.13 computes: golden/pytorch/make.py wrote the files.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Dtype, loadWeights, nn, noGrad, ones, scope, type Tensor, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { type Case, cases } from "./cases.ts";

interface Values {
  dtype: Dtype;
  shape: number[];
  data: number[];
}

interface Golden {
  state: Record<string, number[]>;
  inputs: Values[];
  outputs: Values[];
  /** Null for integers, and where nothing depends on the input. */
  inputGradients: (Values | null)[];
  parameterGradients: Record<string, Values | null>;
}

const folder = join(import.meta.dirname, "../golden/pytorch");
const golden = JSON.parse(readFileSync(join(folder, "cases.json"), "utf8")) as Record<string, Golden>;

const made = ({ dtype, shape, data }: Values) => tensor(data, { dtype }).reshape(shape);
/** The k-th tensor of a state, as make.py fills it. */
const wave = (shape: number[], start: number) => {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = Float64Array.from({ length: count }, (_, i) => 0.5 * Math.sin(0.7 * i + start));
  return tensor(values, { shape });
};

function fill(module: nn.AnyModule): void {
  noGrad(() => {
    for (const [k, parameter] of [...module.stateDict().values()].entries())
      parameter.copy_(wave(parameter.shape, k));
  });
}

function flat(outputs: unknown): Tensor[] {
  return [outputs].flat(3).filter((output) => output !== null) as Tensor[];
}

/** The weighted sum that the gradients are of, of all outputs that have one. */
function objective(outputs: readonly Tensor[]): Tensor | undefined {
  const terms = outputs
    .filter((output) => output.requiresGrad)
    .map((output) => {
      const weights = Float64Array.from({ length: output.numel }, (_, i) => Math.sin(1 + 1.7 * i));
      return output.mul(tensor(weights, { shape: output.shape })).sum();
    });
  return terms.length === 0 ? undefined : terms.reduce((sum, term) => sum.add(term));
}

function expectGradient(name: string, received: Tensor | null, expected: Values | null | undefined): void {
  // Where nothing depends on a tensor, PyTorch and this package both leave no gradient, or zeros.
  const largest = Math.max(0, ...(expected?.data ?? []).map(Math.abs));
  if (largest === 0) expect(received?.abs().sum().item() ?? 0, name).toBe(0);
  else expect(received!, name).toBeAllclose(expected!.data);
}

const close = 1e-8;

describe("values and gradients, float64", () => {
  test("both have the same cases", () => {
    expect(Object.keys(cases).sort()).toEqual(Object.keys(golden).sort());
  });

  test.each(Object.entries(cases))("%s", (name, { module: make, call }: Case) => {
    const expected = golden[name]!;
    const module = make?.().to({ dtype: "float64" });
    if (module) fill(module);
    const state = new Map([...(module?.stateDict() ?? [])].map(([key, { shape }]) => [key, shape]));
    expect(Object.fromEntries(state)).toEqual(expected.state);
    const inputs = expected.inputs.map((input) => {
      const x = made(input);
      return input.dtype === "float64" ? x.requiresGrad_() : x;
    });
    const outputs = flat(call(inputs, module as never));
    expect(outputs.map((output) => [output.dtype, output.shape])).toEqual(
      expected.outputs.map(({ dtype, shape }) => [dtype, shape]),
    );
    for (const [i, output] of outputs.entries())
      expect(output).toBeAllclose(expected.outputs[i]!.data, close);
    objective(outputs)?.backward();
    for (const [i, input] of inputs.entries())
      if (input.requiresGrad) expectGradient(`input ${i}`, input.grad, expected.inputGradients[i]);
    for (const [key, parameter] of module?.namedParameters() ?? [])
      expectGradient(key, parameter.grad, expected.parameterGradients[key]);
  });
});

class Model extends nn.Module {
  readonly embedding = new nn.Embedding(5, 4);
  readonly lstm = new nn.LSTM(4, 3, { numLayers: 2, bidirectional: true });
  readonly gru = new nn.GRU(6, 4, { batchFirst: true });
  readonly attention = new nn.MultiheadAttention(4, 2);
  readonly crossAttention = this.child(
    "cross_attention",
    new nn.MultiheadAttention(4, 2, { kdim: 3, vdim: 5 }),
  );
  readonly blocks = new nn.ModuleList<nn.Module>([new nn.LayerNorm(4), new nn.GroupNorm(2, 4)]);
  readonly heads = new nn.ModuleDict<nn.Module>({
    up: new nn.ConvTranspose2d(2, 3, 2),
    line: new nn.Conv1d(2, 3, 2),
  });
  readonly volume = new nn.Conv3d(1, 2, 2);
  readonly loss = new nn.CrossEntropyLoss({ weight: ones([3]) });

  override forward(x: Tensor): Tensor {
    return x;
  }
}

test("PyTorch's own file of weights loads into modules of the same names", () => {
  using model = new Model();
  expect(loadWeights(model, join(folder, "modules.pth"))).toEqual({
    missing: [],
    unexpected: [],
    mismatched: [],
  });
  // The file's own order is PyTorch's: fields in order, `child` where it was called.
  scope(() => {
    expect(model.embedding.weight).toBeAllclose(wave([5, 4], 0), 1e-6);
    expect(model.lstm.stateDict().get("weight_ih_l0")!).toBeAllclose(wave([12, 4], 1), 1e-6);
    expect(model.lstm.stateDict().get("bias_hh_l1_reverse")!).toBeAllclose(wave([12], 16), 1e-6);
    expect(model.gru.stateDict().get("weight_hh_l0")!).toBeAllclose(wave([12, 4], 18), 1e-6);
    expect(model.attention.inProjWeight!).toBeAllclose(wave([12, 4], 21), 1e-6);
    expect(model.loss.weight!).toBeAllclose(wave([3], 41), 1e-6);
  });
});
