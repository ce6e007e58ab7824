/**
 * Sampling and views of SSL-FER with all four components, on one thread: images a second, then microseconds an image by step.
 * The reference is the floor this project set itself: 1,500 images a second at 64 px, 700 at 112 px. By processor time:
 * what other programs take is not ours.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configure, FAST, noGrad, ops, scope, type Tensor } from "@duchenne/torch";
import { FrameStore } from "../packages/duchenne/src/data/store/index.ts";
import { Random } from "../packages/duchenne/src/lib/random.ts";
import type { PretrainConfig } from "../packages/duchenne/src/ssl/config/config.ts";
import { METHOD_COMPONENTS, PRESETS } from "../packages/duchenne/src/ssl/config/presets.ts";
import { BatchLoader } from "../packages/duchenne/src/ssl/loader/index.ts";
import {
  ClipSampler,
  type FrameBatch,
  planSampling,
  rowCount,
} from "../packages/duchenne/src/ssl/sampling/index.ts";
import * as views from "../packages/duchenne/src/ssl/views/index.ts";
import { writeDrawnFaces } from "./drawnFaces.ts";
import { median } from "./line.ts";

const FLOOR = { 64: 1500, 112: 700 } as const;
const CLIPS = 64;
const ROUNDS = 9;
/** Until the JavaScript is compiled. */
const WARM_UP = 4;
const DEVICE = "cpu";

/** @returns processor seconds of one round, the median of several */
async function measure(round: (i: number) => unknown): Promise<number> {
  for (let i = 0; i < WARM_UP; i++) await round(-i);
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

/** A step, the images it is given, and one run of it. */
type Step = readonly [name: string, images: number, run: (rng: Random) => Tensor];

/** Each step by itself, on a batch that is there. */
async function measureSteps(path: string, sampler: ClipSampler, config: PretrainConfig): Promise<void> {
  const loader = BatchLoader.open(path, sampler, { workers: 0, ahead: 0 });
  const read = await measure(async () => loader.release(await loader.next()));
  const batch = await loader.next();
  const report = (step: string, seconds: number, images: number) => {
    const ours = Number(((1e6 * seconds) / images).toPrecision(3));
    print({ case: `${step}, ${config.size} px`, unit: "µs/image", ours });
  };
  report("read and decode", read, rowCount(batch));
  for (const [name, images, run] of [...batchSteps(batch, config), ...partSteps(batch, config)]) {
    const runs = Math.ceil(rowCount(batch) / images);
    const seconds = await measure((round) => {
      for (let i = 0; i < runs; i++)
        scope(() => void noGrad(() => run(Random.fromSeed(round).fork(String(i)))));
    });
    report(name, seconds, runs * images);
  }
  await loader.close();
}

function placeFrames(batch: FrameBatch, config: PretrainConfig) {
  const { clips, frameSize: size } = batch;
  const frameSize = views.workingSize(config.size);
  const options = { size, largest: frameSize, device: DEVICE };
  const upload = () => views.uploadFrames(batch.images, { n: rowCount(batch), ...options });
  const uploadIdentities = () => views.uploadFrames(batch.identity!.images, { n: clips, ...options });
  const place = (landmarks: Float32Array) => views.resizeLandmarks(landmarks, size, frameSize);
  const identity = { landmarks: place(batch.identity!.landmarks) };
  const placed = { ...batch, frameSize, landmarks: place(batch.landmarks), identity };
  return { upload, uploadIdentities, placed };
}

/** What is done to a batch as a whole. */
function batchSteps(batch: FrameBatch, config: PretrainConfig): Step[] {
  const n = rowCount(batch);
  const { upload, uploadIdentities, placed } = placeFrames(batch, config);
  const [frames, identities] = [upload(), uploadIdentities()];
  const options = { probability: config.faceSwapProbability };
  const swap = (rng: Random) =>
    views.faceSwap.apply(frames, identities, views.faceSwap.sample(placed, options, rng));
  return [
    ["upload and shrink", n, upload],
    ["upload and shrink identities", n, uploadIdentities],
    ["face swap", n, swap],
  ];
}

/** What is done to parts of it, colours as they come: sorted by their order. */
function partSteps(batch: FrameBatch, config: PretrainConfig): Step[] {
  const { upload, placed } = placeFrames(batch, config);
  const { frameSize: from, landmarks: all } = placed;
  const n = views.parts(rowCount(batch), 3 * from * from, DEVICE)[0]!.count;
  const frames = ops.narrow(upload(), 0, 0, n).clone();
  const landmarks = all.subarray(0, n * 68 * 2);
  const geometry = { from, to: config.size, flipProbability: config.flipProbability };
  // Colours change in place: the steps that do are handed copies, or dark images would grow darker until they are slow.
  const crops = views.cropFlip.apply(frames, views.cropFlip.sample(n, geometry, Random.fromSeed(0)));
  const chances = new Array<number>(rowCount(batch)).fill((1 + config.jitterProbability) / 2);
  const { orderName } = views.colorJitter;
  const jitters = [...views.colorJitter.sample(chances, config, Random.fromSeed(0))]
    .sort((a, b) => orderName(a).localeCompare(orderName(b)))
    .slice(-n);
  const mask = (rng: Random) =>
    views.landmarkMask.sample(landmarks, from, config.landmarkMaskProbability, rng).ellipses;
  const blur = (rng: Random) => views.blur.sample(n, config.blurProbability, rng);
  const grayscale = (rng: Random) => views.grayscale.sample(n, config.grayscaleProbability, rng);
  return [
    ["landmark mask", n, (rng) => views.landmarkMask.apply(frames, mask(rng))],
    ["crop and flip", n, (rng) => views.cropFlip.apply(frames, views.cropFlip.sample(n, geometry, rng))],
    ["colour jitter", n, () => views.colorJitter.apply(crops.clone(), jitters)],
    ["blur", n, (rng) => views.blur.apply(crops.clone(), blur(rng))],
    ["grayscale", n, (rng) => views.grayscale.apply(crops.clone(), grayscale(rng))],
    ["normalise, channels last", n, () => views.normalize(crops).contiguous("channelsLast")],
  ];
}

configure({ ...FAST, threads: 1 });
const folder = mkdtempSync(join(tmpdir(), "duchenne-bench-"));
try {
  const path = join(folder, "store");
  await writeDrawnFaces(path);
  const store = FrameStore.open(path);
  const clips = store.clips();
  await store.close();
  for (const size of [64, 112]) {
    const config = { ...PRESETS.paper.settings, ...METHOD_COMPONENTS["ssl-fer"], size, batch: CLIPS };
    const sampler = new ClipSampler(planSampling(clips, config), Random.fromSeed(1));
    await measureWhole(path, sampler, config);
    await measureSteps(path, sampler, config);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
