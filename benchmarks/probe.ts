/**
 * A frozen probe from store to scores, as a user runs it, against the bare forward pass of its backbone over as many images:
 * ResNet-18 at 64 px, and the number of FER2013's training images. Reading, duplicates, the predictor's 20 epochs and the
 * intervals may cost 15 % on top. The two take turns, batch by batch, so that whatever else the machine does hits both. The
 * images are drawn, DUCHENNE_BENCH_IMAGES of them; DUCHENNE_BENCH_STORE names a store to take instead.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Generator, getThreads, noGrad, randn, scope, setThreads } from "@duchenne/torch";
import { encodeImage, FrameStore, type SourceResult, type StoreOptions } from "duchenne";
import { buildBackbone } from "../packages/duchenne/src/backbones/index.ts";
import { probe } from "../packages/duchenne/src/probe/probe.ts";
import { Random } from "../packages/duchenne/src/random.ts";
import { print } from "./line.ts";

const IMAGES = Number(process.env.DUCHENNE_BENCH_IMAGES ?? 28_709);
const SIZE = 64;
const BATCH = 64;
const MOST = 1.15;
/** Images per update of the predictor: the paper's, whose many small updates are what costs, and a larger one. */
const UPDATE_SIZES = [64, 256];
/** Updates of the predictor between two bare passes. */
const STEPS_PER_TURN = 40;
const CLASSES = ["neutral", "happy", "sad", "surprise", "fear", "disgust", "anger"] as const;

const options: StoreOptions = {
  dataset: "fer2013",
  source: "bench",
  size: SIZE,
  codec: "jpeg",
  jpegQuality: 95,
  frameRateHz: 25 / 6,
  detect: false,
  alignEyes: false,
  personLevel: 0,
  feature: "landmarks",
  featureLength: 64,
  featureModel: "bench",
  landmarkModel: "bench",
};

/** Shading of its own, and grain. */
function drawImage(rng: Random): Uint8Array {
  const [a, b, c] = [rng.uniform(0, 7), rng.uniform(5, 15), rng.uniform(5, 15)];
  return Uint8Array.from({ length: SIZE * SIZE * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % SIZE, Math.floor(i / 3 / SIZE)];
    return (
      120 + 50 * Math.sin(x / b + a) + 40 * Math.cos(y / c + (i % 3)) + (Math.imul(i, 2654435761) >>> 28)
    );
  });
}

async function drawStore(path: string): Promise<void> {
  const rng = Random.fromSeed(1);
  const writer = FrameStore.create(path, options);
  const still = (i: number): SourceResult => {
    const image = encodeImage(drawImage(rng), SIZE, "jpeg");
    const labels = { expression: rng.choice(CLASSES) };
    const frame = {
      timeSeconds: 0,
      labels,
      landmarks: new Float32Array(136),
      feature: new Float32Array(64),
      image,
    };
    const split = i % 10 === 9 ? "test" : "train";
    const about = {
      person: null,
      split,
      kind: "still",
      frameRateHz: 0,
      framesSampled: 1,
      skipped: {},
    } as const;
    return { id: `${i}`, ...about, tracks: [{ frames: [frame] }] };
  };
  const chunk = 1000;
  for (let start = 0; start < IMAGES; start += chunk)
    writer.append(Array.from({ length: Math.min(chunk, IMAGES - start) }, (_, i) => still(start + i)));
  writer.finish();
  await writer.close();
}

interface Stage {
  ownMs: number;
  bareMs: number;
  /** Bare forward passes made meanwhile, of one batch each. */
  passes: number;
  done: number;
}

async function measure(store: string, batchSize: number): Promise<void> {
  using generator = Generator.seeded(1);
  const backbone = buildBackbone("resnet18", { generator }).eval();
  const batch = randn([BATCH, 3, SIZE, SIZE], { generator }).contiguous("channelsLast");
  const all = getThreads();
  const forward = () => {
    const threads = getThreads(); // one, while the predictor trains
    setThreads(all);
    scope(() => noGrad(() => backbone.embed(batch).at(0, 0).item()));
    setThreads(threads);
  };
  for (let i = 0; i < 5; i++) forward();
  const stages = new Map<string, Stage>();
  let since = performance.now();
  let steps = 0;
  const loaded = { backbone, arch: "resnet18" as const, size: SIZE, description: "resnet18" };
  const take = (name: string, done: number, isTurn: boolean) => {
    const stage = stages.get(name) ?? { ownMs: 0, bareMs: 0, passes: 0, done: 0 };
    stages.set(name, stage);
    const now = performance.now();
    stage.ownMs += now - since;
    stage.done = done;
    if (isTurn) {
      forward();
      stage.bareMs += performance.now() - now;
      stage.passes += 1;
    }
    since = performance.now();
  };
  await probe(
    loaded,
    store,
    { batch: batchSize, minSteps: 0 },
    {
      onProgress: ({ stage, done }) =>
        take(stage, done, stage === "duplicates" || stage === "features" || steps++ % STEPS_PER_TURN === 0),
    },
  );
  take("intervals", 0, true);
  report(stages, batchSize);
}

/** Each stage in bare forward passes over all images, at the speed that passes had during that stage. */
function report(stages: ReadonlyMap<string, Stage>, batchSize: number): void {
  const images = stages.get("features")!.done;
  const shares = [...stages].map(([name, { ownMs, bareMs, passes }]) => {
    const bareMsOfAll = (bareMs / passes) * (images / BATCH);
    return [name, Number((ownMs / bareMsOfAll).toFixed(4))] as const;
  });
  const { bareMs, passes } = stages.get("features")!;
  const reference = (bareMs / passes / 1000) * (images / BATCH);
  const ours = reference * shares.reduce((sum, [, share]) => sum + share, 0);
  const line = {
    bench: "probe",
    case: `frozen, resnet18 ${SIZE}px, ${images} images, updates of ${batchSize}`,
    unit: "s",
  };
  print({ ...line, ours, reference, referenceName: "bare forward pass" }, "less");
  console.log(JSON.stringify({ ...line, mostAllowed: MOST, inForwardPasses: Object.fromEntries(shares) }));
}

const folder = mkdtempSync(join(tmpdir(), "duchenne-bench-"));
try {
  const given = process.env.DUCHENNE_BENCH_STORE;
  const store = given ?? join(folder, "store");
  if (given === undefined) await drawStore(store);
  for (const batchSize of UPDATE_SIZES) await measure(store, batchSize);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
