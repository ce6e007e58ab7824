/**
 * Images a second of the whole training loop of SSL-FER, all four components on (read, decode, sample, view, train, log), against
 * the bare train step: the same network on one batch that is there; in turns, by the clock. Then the share of the time that
 * went by waiting for data, and, where its reference is there, the published code's way of doing the same.
 * The goals this project set itself are ratios of 0.90 (ResNet-18 at 64 px) and 0.75 (`tiny`), and a wait below 2 %.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configure, FAST } from "@duchenne/torch";
import type { PretrainConfig } from "../packages/duchenne/src/ssl/config/config.ts";
import { resolveConfig, type Settings } from "../packages/duchenne/src/ssl/config/resolveConfig.ts";
import { BatchLoader } from "../packages/duchenne/src/ssl/loader/index.ts";
import { rowCount } from "../packages/duchenne/src/ssl/sampling/index.ts";
import { learnerOf, type PretrainProgress, pretrain } from "../packages/duchenne/src/ssl/train/pretrain.ts";
import { planRun } from "../packages/duchenne/src/ssl/train/runPlan.ts";
import { viewsOf } from "../packages/duchenne/src/ssl/train/trainer.ts";
import { valuesFromConfig } from "../packages/duchenne/src/ssl/valuesFromConfig.ts";
import { writeDrawnFaces } from "./drawnFaces.ts";
import { median, print } from "./line.ts";
import { pythonWithTorch, reference } from "./peer.ts";

const THREADS = 2;
const ROUNDS = 5;
/** Steps of a round that are not counted: the loader's threads start, memory is taken. */
const WARM_UP = 3;

/** `stored` is the side of the stored frames, pixels; the demo's are of 55. */
const CASES: { name: string; stored: number; steps: number; settings: Settings; program?: string }[] = [
  {
    name: "resnet18 64 px",
    stored: 128,
    steps: 5,
    // Parts covered as in the paper: the published code covers them, too.
    settings: { preset: "tiny", arch: "resnet18", size: 64, batch: 32, landmarkMaskProbability: 0.8 },
    program: "published_pipeline.py",
  },
  { name: "tiny 48 px, stored at 128", stored: 128, steps: 12, settings: { preset: "tiny" } },
  { name: "tiny 48 px, stored at 55", stored: 55, steps: 12, settings: { preset: "tiny" } },
];

/** What a round of the loop came to. */
interface Loop {
  imagesPerSecond: number;
  /** Percent. */
  wait: number;
}

/** One run of the loop from the start; the time between two of its steps. */
async function loopRound(store: string, folder: string, config: PretrainConfig): Promise<Loop> {
  const times: number[] = [];
  const waits: number[] = [];
  const onProgress = ({ step, waitSeconds }: PretrainProgress) => {
    times[step] = performance.now() / 1000;
    waits[step] = waitSeconds;
  };
  const { images, step } = await pretrain({
    ...valuesFromConfig(config),
    ...{ store, out: join(folder, "run"), onProgress },
  });
  rmSync(join(folder, "run"), { recursive: true });
  const seconds = times[step]! - times[WARM_UP]!;
  const waited = waits.slice(WARM_UP + 1).reduce((sum, wait) => sum + wait, 0);
  return {
    imagesPerSecond: (images * (step - WARM_UP)) / step / seconds,
    wait: (100 * waited) / seconds,
  };
}

/** The train step alone, again and again on the views of one batch. @returns runs some steps, gives images a second */
async function bareStep(store: string, config: PretrainConfig): Promise<(steps: number) => number> {
  const plan = await planRun({ ...valuesFromConfig(config), store });
  const loader = BatchLoader.open(store, plan.data.sampler, { workers: 0 });
  const batch = await loader.next();
  const views = viewsOf(batch, plan);
  await loader.close();
  const learner = learnerOf(plan);
  const step = () => {
    const gradient = learner.backward(views);
    gradient.loss.item();
    learner.update(config.learningRate, gradient, views, 0);
  };
  return (steps) => {
    step();
    const start = performance.now();
    for (let i = 0; i < steps; i++) step();
    return (1000 * steps * rowCount(batch)) / (performance.now() - start);
  };
}

async function run({ name, steps, settings, program }: (typeof CASES)[number], store: string): Promise<void> {
  const total = WARM_UP + steps;
  const config = resolveConfig(settings, { steps: total, checkpointEvery: total, threads: THREADS });
  const bare = await bareStep(store, config);
  const bareSpeeds: number[] = [];
  const loops: Loop[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bareSpeeds.push(bare(steps));
    loops.push(await loopRound(store, folder, config));
  }
  const ours = median(loops.map(({ imagesPerSecond }) => imagesPerSecond));
  const about = { bench: "pretrain", case: `${name}, whole loop`, unit: "images/s", ours };
  print({ ...about, reference: median(bareSpeeds), referenceName: "bare-step" }, "more");
  const wait = { bench: "pretrain", case: `${name}, wait for data`, unit: "% of the time" };
  print(
    { ...wait, ours: median(loops.map((loop) => loop.wait)), reference: 2, referenceName: "own floor" },
    "less",
  );
  if (program)
    print({ ...about, reference: await published(program), referenceName: "published-pipeline" }, "more");
}

/** Images a second of the published code's way. Null where it cannot run here. */
async function published(program: string): Promise<number | null> {
  const python = pythonWithTorch();
  if (!python) return null;
  const peer = reference(python, program);
  await peer.ask("1");
  const speed = await peer.ask("2");
  peer.end();
  return speed;
}

const folder = mkdtempSync(join(tmpdir(), "duchenne-bench-"));
try {
  configure({ ...FAST, threads: THREADS });
  const storeOf = (side: number) => join(folder, `store${side}`);
  for (const side of new Set(CASES.map(({ stored }) => stored))) await writeDrawnFaces(storeOf(side), side);
  for (const sizes of CASES) await run(sizes, storeOf(sizes.stored));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
