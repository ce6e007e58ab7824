import { Generator, nn, noGrad, ops, randn, type Tensor } from "@duchenne/torch";
import * as ort from "onnxruntime-node";
import { describe, expect, test } from "vitest";
import { type Network, writeOnnx } from "../../../src/deploy/export/onnx/writeOnnx.ts";
import { buildPredictor } from "../../../src/evaluate/predictors/predictor.ts";
import { type Backbone, type BackboneName, buildBackbone } from "../../../src/ssl/backbones/index.ts";
import { convolution, Residual } from "../../../src/ssl/backbones/residual.ts";
import { SequentialBackbone } from "../../../src/ssl/backbones/sequential.ts";

/** BatchNorms as if trained: statistics and affine weights that change what passes. */
function unsettle(network: nn.AnyModule, generator: Generator): void {
  noGrad(() => {
    for (const [name, value] of network.stateDict()) {
      if (name.endsWith("running_var")) value.copy_(randn(value.shape, { generator }).abs().add(0.5));
      if (name.endsWith("running_mean")) value.copy_(randn(value.shape, { generator }).mul(0.2));
      if (/bn\d\.(weight|bias)$/.test(name)) value.add_(randn(value.shape, { generator }).mul(0.1));
    }
  });
}

function makeNetwork(arch: BackboneName): Network {
  using generator = Generator.seeded(3);
  const backbone: Backbone = buildBackbone(arch, { generator }).eval();
  unsettle(backbone, generator);
  const options = { dropout: 0.5, init: generator, drop: generator };
  const predictor = (outputs: number) => buildPredictor(backbone.features, outputs, options).eval();
  return {
    backbone,
    heads: [
      { head: "expression", predictor: predictor(5), outputs: 5 },
      { head: "valence_arousal", predictor: predictor(2), outputs: 2 },
    ],
  };
}

function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

async function compare(network: Network, size: number, precision: "float32" | "float16", batch: number) {
  const session = await ort.InferenceSession.create(writeOnnx(network, size, precision));
  using images: Tensor = randn([batch, 3, size, size], { generator: Generator.seeded(batch) });
  const input = new ort.Tensor("float32", images.toTypedArray() as Float32Array, [batch, 3, size, size]);
  const found = await session.run({ pixel_values: input });
  const expected = noGrad(() => {
    const embedding = network.backbone.embed(images);
    const other = network.backbone.embed(network.mirrored ? ops.flip(images, [3]) : images);
    const means = [
      embedding.add(other),
      ...network.heads.map(({ predictor }) => predictor.call(embedding).add(predictor.call(other))),
    ];
    return means.map((value) => value.mul(0.5).toTypedArray() as Float32Array);
  });
  await session.release();
  const scale = Math.max(...expected.flatMap((values) => Array.from(values, Math.abs)));
  const names = ["embedding", "expression_logits", "valence_arousal"].slice(0, expected.length);
  return names.map((name, i) => farthest(found[name]!.data as Float32Array, expected[i]!) / scale);
}

describe("writeOnnx", () => {
  test.each(["tiny", "slim", "resnet18", "resnet50"] as const)(
    "of %s computes what libtorch does, whatever the batch",
    async (arch) => {
      const network = makeNetwork(arch);
      for (const batch of [1, 5])
        for (const difference of await compare(network, 48, "float32", batch))
          expect(difference).toBeLessThan(2e-5);
    },
  );

  test("writes a block of the user's own", async () => {
    using generator = Generator.seeded(4);
    class Narrow extends Residual {
      readonly steps: readonly nn.Module[];
      readonly downsample = undefined;
      constructor(channels: number) {
        super();
        const [inner, outer] = [
          convolution(channels, 4, 1, 1, { generator }),
          convolution(4, channels, 3, 1, { generator }),
        ];
        this.steps = [this.child("inner", inner), new nn.ReLU(), this.child("outer", outer)];
      }
    }
    const stem = new nn.Conv2d(3, 8, 5, { stride: 4, generator });
    const backbone = new SequentialBackbone(8, [stem, new Narrow(8), new nn.AdaptiveAvgPool2d(1)]).eval();
    for (const difference of await compare({ backbone, heads: [] }, 48, "float32", 2))
      expect(difference).toBeLessThan(2e-5);
  });

  test("averages over images and their mirror images, where it is to", async () => {
    const network = { ...makeNetwork("tiny"), mirrored: true };
    for (const batch of [1, 5])
      for (const difference of await compare(network, 48, "float32", batch))
        expect(difference).toBeLessThan(2e-5);
  });

  test("with weights in half precision is as near as 11 bits allow", async () => {
    for (const difference of await compare(makeNetwork("tiny"), 48, "float16", 3)) {
      expect(difference).toBeLessThan(5e-3);
      expect(difference).toBeGreaterThan(0);
    }
  });

  test("takes half the room in half precision", () => {
    const network = makeNetwork("tiny");
    const [whole, half] = (["float32", "float16"] as const).map(
      (precision) => writeOnnx(network, 48, precision).length,
    );
    expect(half! / whole!).toBeLessThan(0.52);
  });

  test("without heads has the embedding alone", async () => {
    const { backbone } = makeNetwork("tiny");
    const session = await ort.InferenceSession.create(writeOnnx({ backbone, heads: [] }, 48, "float32"));
    expect(session.inputNames).toEqual(["pixel_values"]);
    expect(session.outputNames).toEqual(["embedding"]);
    await session.release();
  });

  test("names a module that it has no row for", () => {
    const { backbone } = makeNetwork("tiny");
    const network: Network = {
      backbone,
      heads: [{ head: "expression", predictor: new nn.Sequential(new nn.Tanh()), outputs: 192 }],
    };
    expect(() => writeOnnx(network, 48, "float32")).toThrow(
      /modules of these kinds: Conv2d, .*received Tanh\. Build the network/,
    );
  });
});
