/**
 * A frozen probe from store to scores, as a user runs it, against the bare forward pass of its backbone over as many images:
 * ResNet-18 at 64 px with its batch norms, in whichever order of memory is faster here, and the number of FER2013's training
 * images. Reading, duplicates, features, the predictor's 20 epochs and the intervals may take 1.15 times as long as that pass.
 * The two take turns, batch by batch, so that whatever else the machine does hits both. The probe's own pass is another, with the
 * batch norms folded away: `foldedPass` says what it takes of a bare one. The images are drawn, DUCHENNE_BENCH_IMAGES of them;
 * DUCHENNE_BENCH_STORE names a store to take instead.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  configure,
  FAST,
  Generator,
  getThreads,
  type MemoryFormat,
  noGrad,
  randn,
  scope,
  type Tensor,
  withThreads,
} from "@duchenne/torch";
import { encodeImage, FrameStore, type SourceResult, type StoreOptions } from "duchenne/data";
import { probe } from "../packages/duchenne/src/evaluate/probe.ts";
import { Random } from "../packages/duchenne/src/lib/random.ts";
import { FoldedBackbone } from "../packages/duchenne/src/ssl/backbones/folded.ts";
import type { Backbone } from "../packages/duchenne/src/ssl/backbones/index.ts";
import { ResNet } from "../packages/duchenne/src/ssl/backbones/resnet.ts";
import { median, print } from "./line.ts";

const IMAGES = Number(process.env.DUCHENNE_BENCH_IMAGES ?? 28_709);
const SIZE = 64;
const BATCH = 64;
const MOST = 1.15;
/** Images per update of the predictor, the paper's and a larger one, and the pixels that images are stored with. */
const CASES = [
  { updates: 64, stored: 64 },
  { updates: 256, stored: 64 },
  { updates: 64, stored: 128 },
];
/** Updates of the predictor between two bare passes. */
const STEPS_PER_TURN = 80;
const CLASSES = ["neutral", "happy", "sad", "surprise", "fear", "disgust", "anger"] as const;

const optionsOf = (stored: number): StoreOptions => ({
  dataset: "fer2013",
  source: "bench",
  size: stored,
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
});

/** Shading of its own, and grain. */
function drawImage(rng: Random, side: number): Uint8Array {
  const [a, b, c] = [rng.uniform(0, 7), rng.uniform(5, 15), rng.uniform(5, 15)];
  return Uint8Array.from({ length: side * side * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
    return (
      120 + 50 * Math.sin(x / b + a) + 40 * Math.cos(y / c + (i % 3)) + (Math.imul(i, 2654435761) >>> 28)
    );
  });
}

async function drawStore(path: string, stored: number): Promise<void> {
  const rng = Random.fromSeed(1);
  const writer = FrameStore.create(path, optionsOf(stored));
  const still = (i: number): SourceResult => {
    const image = encodeImage(drawImage(rng, stored), stored, "jpeg");
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

async function measure(store: string, { updates, stored }: (typeof CASES)[number]): Promise<void> {
  const [layout, backbone] = fasterLayout();
  const batch = inputOf(layout);
  const foldedPass = timeInTurn(batch, new FoldedBackbone(backbone), backbone);
  const threads = getThreads(); // all of them, also while the predictor trains on one
  const forward = () => withThreads(threads, () => pass(backbone, batch));
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
      forward(); // not timed: the caches hold what the probe left in them
      const start = performance.now();
      forward();
      stage.bareMs += performance.now() - start;
      stage.passes += 1;
    }
    since = performance.now();
  };
  await probe(
    loaded,
    store,
    { batch: updates, minSteps: 0 },
    {
      onProgress: ({ stage, done }) =>
        take(stage, done, stage === "duplicates" || stage === "features" || steps++ % STEPS_PER_TURN === 0),
    },
  );
  take("intervals", 0, true);
  const name = `frozen, resnet18 ${SIZE}px, stored at ${stored}px, updates of ${updates}, ${layout}`;
  report(stages, name, foldedPass);
}

const pass = (backbone: Pick<Backbone, "embed">, batch: Tensor) =>
  scope(() => noGrad(() => backbone.embed(batch).at(0, 0).item()));

function inputOf(layout: MemoryFormat): Tensor {
  using generator = Generator.seeded(1);
  return randn([BATCH, 3, SIZE, SIZE], { generator }).contiguous(layout);
}

/** The median time of a forward pass as a share of another's. */
function timeInTurn(batch: Tensor, ...backbones: [Pick<Backbone, "embed">, Pick<Backbone, "embed">]): number {
  const rounds = Array.from({ length: 25 }, () =>
    backbones.map((backbone) => {
      const start = performance.now();
      pass(backbone, batch);
      return performance.now() - start;
    }),
  ).slice(5);
  return median(rounds.map(([ms]) => ms!)) / median(rounds.map(([, ms]) => ms!));
}

/** The backbone in that order of memory in which it passes images faster. */
function fasterLayout(): [MemoryFormat, ResNet] {
  const make = (memoryFormat: MemoryFormat) => {
    using generator = Generator.seeded(1);
    return new ResNet("resnet18", { numClasses: 0, memoryFormat, generator }).eval() as ResNet;
  };
  const [planes, last] = [make("contiguous"), make("channelsLast")];
  return timeInTurn(inputOf("contiguous"), planes, last) < 1
    ? ["contiguous", planes]
    : ["channelsLast", last];
}

/** Each stage in bare forward passes over all images, at the speed that passes had during that stage. */
function report(stages: ReadonlyMap<string, Stage>, name: string, foldedPass: number): void {
  const images = stages.get("features")!.done;
  const shares = [...stages].map(([stage, { ownMs, bareMs, passes }]) => {
    const bareMsOfAll = (bareMs / passes) * (images / BATCH);
    return [stage, Number((ownMs / bareMsOfAll).toFixed(4))] as const;
  });
  const { bareMs, passes } = stages.get("features")!;
  const reference = (bareMs / passes / 1000) * (images / BATCH);
  const forwardPasses = shares.reduce((sum, [, share]) => sum + share, 0);
  const line = { bench: "probe", case: `${name}, ${images} images`, unit: "s" };
  print({ ...line, ours: reference * forwardPasses, reference, referenceName: "bare forward pass" }, "less");
  const rounded = {
    forwardPasses: Number(forwardPasses.toFixed(3)),
    foldedPass: Number(foldedPass.toFixed(3)),
  };
  console.log(
    JSON.stringify({ ...line, ...rounded, mostAllowed: MOST, inForwardPasses: Object.fromEntries(shares) }),
  );
}

configure(FAST);
const folder = mkdtempSync(join(tmpdir(), "duchenne-bench-"));
try {
  const given = process.env.DUCHENNE_BENCH_STORE;
  for (const each of CASES) {
    const store = given ?? join(folder, `${each.stored}.store`);
    if (!existsSync(store)) await drawStore(store, each.stored);
    await measure(store, each);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
