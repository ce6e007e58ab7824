/**
 * Sampling and views of SSL-FER with all four pieces, on one thread: images a second, then microseconds an image by step.
 * The reference is the floor this project set itself: 1,500 images a second at 64 px, 700 at 112 px. By processor time:
 * what other programs take is not ours.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noGrad, scope, setThreads, type Tensor } from "@duchenne/torch";
import { BatchLoader } from "../packages/duchenne/src/loader/index.ts";
import { Random } from "../packages/duchenne/src/random.ts";
import {
  ClipSampler,
  type FrameBatch,
  planSampling,
  rowCount,
} from "../packages/duchenne/src/sampling/index.ts";
import { FrameStore } from "../packages/duchenne/src/store/index.ts";
import type { PretrainConfig } from "../packages/duchenne/src/train/config.ts";
import { METHOD_PIECES, PRESETS } from "../packages/duchenne/src/train/presets.ts";
import * as views from "../packages/duchenne/src/views/index.ts";
import { writeDrawnFaces } from "./drawnFaces.ts";
import { median } from "./line.ts";

const FLOOR = { 64: 1500, 112: 700 } as const;
const CLIPS = 64;
const ROUNDS = 9;
const DEVICE = "cpu";

/** @returns processor seconds of one round, the median of several */
async function measure(round: (i: number) => unknown): Promise<number> {
  await round(0);
  const seconds: number[] = [];
  for (let i = 1; i <= ROUNDS; i++) {
    const start = process.cpuUsage();
    await round(i);
    const { user, system } = process.cpuUsage(start);
    seconds.push((user + system) / 1e6);
  }
  return median(seconds);
}

function print(line: Record<string, unknown>): void {
  console.log(JSON.stringify({ bench: "views", ...line }));
}

/** The whole way from the store to the network's input. */
async function measureWhole(path: string, sampler: ClipSampler, config: PretrainConfig): Promise<void> {
  const loader = BatchLoader.open(path, sampler, { workers: 0, ahead: 0 });
  let rows = 0;
  const seconds = await measure(async (i) => {
    const batch = await loader.next();
    rows = rowCount(batch);
    scope(() => void views.makeViews(batch, config, Random.fromSeed(i), DEVICE));
    loader.release(batch);
  });
  await loader.close();
  const floor = FLOOR[config.size as keyof typeof FLOOR];
  const ours = Math.round(rows / seconds);
  const about = { case: `sampling and views, ${config.size} px`, unit: "images/s per core" };
  print({
    ...about,
    ours,
    reference: floor,
    referenceName: "own floor",
    ratio: Number((ours / floor).toPrecision(4)),
  });
}

/** Each step by itself, on a batch that is there. */
async function measureSteps(path: string, sampler: ClipSampler, config: PretrainConfig): Promise<void> {
  const loader = BatchLoader.open(path, sampler, { workers: 0, ahead: 0 });
  const read = await measure(async () => loader.release(await loader.next()));
  const batch = await loader.next();
  const n = rowCount(batch);
  const report = (step: string, seconds: number) =>
    print({
      case: `${step}, ${config.size} px`,
      unit: "µs/image",
      ours: Number(((1e6 * seconds) / n).toPrecision(3)),
    });
  report("read and decode", read);
  for (const [step, run] of steps(batch, config))
    report(step, await measure((i) => scope(() => void noGrad(() => run(Random.fromSeed(i))))));
  await loader.close();
}

type Step = readonly [name: string, run: (rng: Random) => Tensor];

function steps(batch: FrameBatch, config: PretrainConfig): Step[] {
  const [n, size, from] = [rowCount(batch), batch.frameSize, views.workingSize(config.size)];
  const placement = { size, largest: from, device: DEVICE };
  const frames = views.uploadFrames(batch.images, { n, ...placement });
  const identities = views.uploadFrames(batch.identity!.images, { n: batch.clips, ...placement });
  const place = (landmarks: Float32Array) => views.resizeLandmarks(landmarks, size, from);
  const landmarks = place(batch.landmarks);
  const placed = {
    ...batch,
    frameSize: from,
    landmarks,
    identity: { landmarks: place(batch.identity!.landmarks) },
  };
  const { flipProbability, faceSwapProbability: probability, landmarkMaskProbability } = config;
  const geometry = { from, to: config.size, flipProbability };
  const crops = views.cropFlip.apply(frames, views.cropFlip.sample(n, geometry, Random.fromSeed(0)));
  const chances = new Array<number>(n).fill((1 + config.jitterProbability) / 2);
  return [
    ["upload and shrink", () => views.uploadFrames(batch.images, { n, ...placement })],
    [
      "upload and shrink identities",
      () => views.uploadFrames(batch.identity!.images, { n: batch.clips, ...placement }),
    ],
    [
      "face swap",
      (rng) => views.faceSwap.apply(frames, identities, views.faceSwap.sample(placed, { probability }, rng)),
    ],
    [
      "landmark mask",
      (rng) =>
        views.landmarkMask.apply(
          frames,
          views.landmarkMask.sample(landmarks, from, landmarkMaskProbability, rng).ellipses,
        ),
    ],
    ["crop and flip", (rng) => views.cropFlip.apply(frames, views.cropFlip.sample(n, geometry, rng))],
    [
      "colour jitter",
      (rng) => views.colorJitter.apply(crops, views.colorJitter.sample(chances, config, rng)),
    ],
    ["blur", (rng) => views.blur.apply(crops, views.blur.sample(n, config.blurProbability, rng))],
    [
      "grayscale",
      (rng) => views.grayscale.apply(crops, views.grayscale.sample(n, config.grayscaleProbability, rng)),
    ],
    ["normalise, channels last", () => views.normalize(crops).contiguous("channelsLast")],
  ];
}

setThreads(1);
const folder = mkdtempSync(join(tmpdir(), "duchenne-bench-"));
try {
  const path = join(folder, "store");
  await writeDrawnFaces(path);
  const store = FrameStore.open(path);
  const clips = store.clips();
  await store.close();
  for (const size of [64, 112]) {
    const config = { ...PRESETS.paper.settings, ...METHOD_PIECES["ssl-fer"], size, batch: CLIPS };
    const sampler = new ClipSampler(planSampling(clips, config), Random.fromSeed(1));
    await measureWhole(path, sampler, config);
    await measureSteps(path, sampler, config);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
