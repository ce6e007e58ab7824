import { join } from "node:path";
import { Generator, saveWeights, withThreads } from "@duchenne/torch";
import { expect, it } from "vitest";
import { ResNet } from "../../../src/ssl/backbones/resnet.ts";
import { ResNetExtractor } from "../../../src/ssl/features/resnetExtractor.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";

const SIZE = 64;

// prepare promises the same store whatever the number of workers, and a worker has its own number of threads.
it("features are the same with 1 to 4 threads", () => {
  const weights = join(temporaryFolder(), "resnet18.safetensors");
  using model = new ResNet("resnet18", { generator: Generator.seeded(1) });
  saveWeights(weights, model.stateDict());
  const extractor = new ResNetExtractor(weights);
  const image = Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => (i * i) % 251);
  const landmarks = Float32Array.from({ length: 136 }, (_, i) => SIZE * (0.5 + 0.3 * Math.sin(i)));
  const features = (faces: number, threads: number) => {
    const images = Array.from({ length: faces }, () => image);
    const points = Array.from({ length: faces }, () => landmarks);
    return withThreads(threads, () => extractor.compute(images, points, SIZE));
  };
  for (const faces of [1, 3]) {
    const one = features(faces, 1);
    expect(one[0]!.some((value) => value > 0)).toBe(true);
    for (const threads of [2, 3, 4]) expect(features(faces, threads)).toEqual(one);
  }
});
