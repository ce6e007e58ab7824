import { Generator, keep, liveTensors, nn, noGrad, ops, randn, scope, type Tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { settledTensors } from "../../../../torch/test/garbage.ts";
import { FoldedBackbone } from "../../../src/ssl/backbones/folded.ts";
import { BACKBONES, type BackboneName, buildBackbone } from "../../../src/ssl/backbones/index.ts";
import { type Init, Residual } from "../../../src/ssl/backbones/residual.ts";
import { ResNet } from "../../../src/ssl/backbones/resnet.ts";
import { SequentialBackbone } from "../../../src/ssl/backbones/sequential.ts";

const FEATURES: Record<BackboneName, number> = {
  tiny: 192,
  slim: 384,
  resnet18: 512,
  resnet34: 512,
  resnet50: 2048,
  resnet101: 2048,
};

describe.each(Object.keys(BACKBONES) as BackboneName[])("%s", (name) => {
  test("images become features, without a classifier", () => {
    using backbone = buildBackbone(name, { generator: Generator.seeded(1) }).eval();
    const images = randn([2, 3, 32, 32], { generator: Generator.seeded(2) });
    const features = noGrad(() => backbone.embed(images));
    expect(backbone.features).toBe(FEATURES[name]);
    expect(features.shape).toEqual([2, FEATURES[name]]);
    expect(
      ops.equal(
        noGrad(() => backbone.call(images)),
        features,
      ),
    ).toBe(true);
    expect([...backbone.stateDict().keys()].some((key) => key.startsWith("fc."))).toBe(false);
  });
});

/** As if something had been learned: no scale is 1, no shift 0. */
function shake(backbone: nn.Module, generator: Generator): void {
  noGrad(() => {
    for (const [name, tensor] of backbone.stateDict())
      if (/running_var$|bn\d\.weight$|downsample\.1\.weight$/.test(name))
        nn.init.uniform_(tensor, 0.5, 2, { generator });
      else if (/running_mean$|bias$/.test(name)) nn.init.uniform_(tensor, -1, 1, { generator });
  });
}

/** A block with a convolution that no batch norm follows. */
class OwnBlock extends Residual {
  readonly steps: readonly nn.Module[];
  readonly downsample = undefined;

  constructor(channels: number, init: Init) {
    super();
    const { Conv2d, BatchNorm2d, ReLU } = nn;
    const convolution = (name: string, bias: boolean) =>
      this.child(name, new Conv2d(channels, channels, 3, { padding: 1, bias, ...init }));
    const norm = this.child("norm", new BatchNorm2d(channels));
    this.steps = [
      convolution("one", false),
      norm,
      new ReLU(),
      convolution("two", true),
      convolution("three", false),
    ];
  }
}

/** Computes what oneDNN's layout cannot hold, and something after its layers. */
class OwnEmbedding extends SequentialBackbone {
  override embed(images: Tensor): Tensor {
    return super.embed(images).pow(2).add(1).log();
  }
}

test("backbones of the user's own have their own features when they are folded", () => {
  using generator = Generator.seeded(4);
  const init = { generator };
  const stem = () => new nn.Conv2d(3, 6, 5, { stride: 4, ...init });
  const pool = () => new nn.AdaptiveAvgPool2d(1);
  const own = [
    new SequentialBackbone(6, [stem(), new OwnBlock(6, init), pool()]),
    new OwnEmbedding(6, [stem(), new nn.BatchNorm2d(6), pool()]),
    new SequentialBackbone(6, [stem(), new nn.GELU(), new nn.BatchNorm2d(6), pool()]),
  ];
  for (const made of own) {
    using backbone = made;
    shake(backbone.eval(), generator);
    const folded = new FoldedBackbone(backbone);
    const images = keep(randn([2, 3, 32, 32], { generator }));
    const compare = () => expect(folded.embed(images)).toBeAllclose(backbone.embed(images), 1e-5);
    scope(() => noGrad(compare));
    folded.dispose();
    // Its weights are still the backbone's.
    scope(() => noGrad(() => expect(Number.isFinite(backbone.embed(images).sum().item())).toBe(true)));
    images.dispose();
  }
});

test.each([
  ...(Object.keys(BACKBONES) as BackboneName[]).map((name) => [name, 48, "float32"] as const),
  ["tiny", 55, "float64"],
  ["resnet18", 55, "float32"],
] as const)("%s folded, %i px, %s: the same features without batch norms", (name, size, dtype) => {
  const generator = Generator.seeded(3);
  using backbone = buildBackbone(name, { generator }).to({ dtype }).eval();
  shake(backbone, generator);
  const images = randn([2, 3, size, size], { generator, dtype });
  const before = settledTensors();
  const folded = new FoldedBackbone(backbone);
  const error = scope(() =>
    noGrad(() => {
      const wanted = backbone.embed(images);
      const length = wanted.mul(wanted).sum().item();
      const difference = folded.embed(images).sub(wanted);
      return Math.sqrt(difference.mul(difference).sum().item() / length);
    }),
  );
  const alone = scope(() =>
    noGrad(() => {
      const first = ops.narrow(images.contiguous("channelsLast"), 0, 0, 1);
      return ops.narrow(folded.embed(images), 0, 0, 1).sub(folded.embed(first)).abs().max().item();
    }),
  );
  expect(alone).toBeLessThan(1e-4);
  expect(folded.features).toBe(backbone.features);
  expect(error).toBeLessThan(1e-5);
  folded.dispose();
  expect(liveTensors()).toBe(before);
});

test("without a classifier a ResNet has torchvision's other names", () => {
  using whole = new ResNet("resnet18");
  using backbone = buildBackbone("resnet18");
  const names = [...whole.stateDict().keys()].filter((key) => !key.startsWith("fc."));
  expect([...backbone.stateDict().keys()]).toEqual(names);
});

describe("tiny", () => {
  test("a 5x5 stem and three stages of one block: names and shapes", () => {
    using backbone = buildBackbone("tiny");
    const shapes = [...backbone.stateDict()]
      .filter(([key]) => /conv\d\.weight$|downsample\.0\.weight$/.test(key))
      .map(([key, { shape }]) => [key, shape.join("x")]);
    expect(shapes).toEqual([
      ["conv1.weight", "48x3x5x5"],
      ["layer1.conv1.weight", "48x48x3x3"],
      ["layer1.conv2.weight", "48x48x3x3"],
      ["layer2.conv1.weight", "96x48x3x3"],
      ["layer2.conv2.weight", "96x96x3x3"],
      ["layer2.downsample.0.weight", "96x48x1x1"],
      ["layer3.conv1.weight", "192x96x3x3"],
      ["layer3.conv2.weight", "192x192x3x3"],
      ["layer3.downsample.0.weight", "192x96x1x1"],
    ]);
  });

  test("a generator's seed is its weights", () => {
    const [first, same, other] = [3, 3, 4].map((seed) =>
      buildBackbone("tiny", { generator: Generator.seeded(seed) })
        .stateDict()
        .get("conv1.weight"),
    );
    expect(ops.equal(first!, same!)).toBe(true);
    expect(ops.equal(first!, other!)).toBe(false);
  });
});

test("an unknown name lists the known ones", () => {
  expect(() => buildBackbone("resnet19")).toThrow(
    "buildBackbone: name: expected tiny, slim, resnet18, resnet34, resnet50, resnet101, received resnet19",
  );
});
