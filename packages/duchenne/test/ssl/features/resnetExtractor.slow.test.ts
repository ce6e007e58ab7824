import { join } from "node:path";
import { Generator, loadWeights, noGrad, saveWeights, tensor } from "@duchenne/torch";
import { expect, it } from "vitest";
import { prepare } from "../../../src/data/prepare/prepare.ts";
import { FrameStore } from "../../../src/data/store/index.ts";
import { MEAN, STANDARD_DEVIATION } from "../../../src/lib/imageNet.ts";
import { ResNet } from "../../../src/ssl/backbones/resnet.ts";
import { eyeAndMouthCrops, PART_SIZE } from "../../../src/ssl/features/partCrop.ts";
import { ResNetExtractor } from "../../../src/ssl/features/resnetExtractor.ts";
import { resnetFeature } from "../../../src/ssl/features/resnetFeature.ts";
import { drawFrameTree } from "../../data/prepare/drawnFace.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";

const SIZE = 224;

/** Eyes on the row 80, from 60 to 160; mouth from 90 to 130, on the rows 150 to 170. */
function landmarks(): Float32Array {
  const points = new Float32Array(136);
  for (let i = 36; i < 48; i++) points.set([i === 36 ? 60 : i === 45 ? 160 : 110, 80], 2 * i);
  for (let i = 48; i < 68; i++) points.set([i === 48 ? 90 : i === 54 ? 130 : 110, i < 58 ? 150 : 170], 2 * i);
  return points;
}

it("crops the eyes with 10 of 224 pixels above and below, the mouth without, padded with black to squares", () => {
  const white = new Uint8Array(SIZE * SIZE * 3).fill(255);
  const [eyes, mouth] = eyeAndMouthCrops(white, landmarks(), SIZE);
  const share = (part: Uint8Array) => part.reduce((sum, value) => sum + value / 255, 0) / part.length;
  expect(eyes).toHaveLength(PART_SIZE ** 2 * 3);
  expect(share(eyes)).toBeCloseTo(21 / 101, 1);
  expect(share(mouth)).toBeCloseTo(21 / 41, 1);
  // The bar lies in the middle.
  expect(eyes[0]).toBe(0);
  expect(eyes[(PART_SIZE / 2) * PART_SIZE * 3]).toBeGreaterThan(250);
});

function weightsFile(): string {
  const file = join(temporaryFolder(), "resnet18.safetensors");
  using model = new ResNet("resnet18", { generator: Generator.seeded(1) });
  saveWeights(file, model.stateDict());
  return file;
}

it("is what the network's features are", () => {
  const file = weightsFile();
  using model = new ResNet("resnet18").eval();
  loadWeights(model, file);
  const image = Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => 100 + (i % 50));
  const [computed] = new ResNetExtractor(file).compute([image], [landmarks()], SIZE);
  const parts = eyeAndMouthCrops(image, landmarks(), SIZE).map((part) =>
    Float32Array.from({ length: part.length }, (_, i) => {
      const channel = Math.floor(i / PART_SIZE ** 2);
      const value = part[3 * (i % PART_SIZE ** 2) + channel]! / 255;
      return (value - MEAN[channel]!) / STANDARD_DEVIATION[channel]!;
    }),
  );
  const wanted = noGrad(() =>
    parts.flatMap((part) => [
      ...(model.embed(tensor(part, { shape: [1, 3, PART_SIZE, PART_SIZE] })).toTypedArray() as Float32Array),
    ]),
  );
  const largest = Math.max(...wanted.map(Math.abs));
  expect(Math.max(...wanted.map((value, i) => Math.abs(value - computed![i]!)))).toBeLessThan(1e-5 * largest);
});

it("is the same for a face alone and among others, 512 numbers for each part", () => {
  const feature = new ResNetExtractor(weightsFile());
  const images = [40, 200].map((level) =>
    Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => level + (i % 50)),
  );
  const points = [landmarks(), landmarks()];
  const [first, second] = feature.compute(images, points, SIZE);
  const [alone] = feature.compute(images.slice(1), points.slice(1), SIZE);
  expect(first).toHaveLength(1024);
  const differences = second!.map((value, i) => Math.abs(value - alone![i]!));
  expect(Math.max(...differences)).toBeLessThan(1e-4);
  expect(first!.some((value, i) => Math.abs(value - second![i]!) > 1e-3)).toBe(true);
});

it("is stored by prepare", async () => {
  const source = join(temporaryFolder(), "frames");
  drawFrameTree(source, 1, 1, 2);
  const path = join(temporaryFolder(), "store");
  await prepare(source, path, { workers: 0, feature: resnetFeature(weightsFile()) });
  const store = FrameStore.open(path);
  expect(store.manifest.options).toMatchObject({ feature: "resnet18", featureLength: 1024 });
  expect(store.readFeatures([0, 1]).some((value) => value > 0)).toBe(true);
  await store.close();
});
