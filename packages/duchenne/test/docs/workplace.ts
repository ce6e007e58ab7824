/** The working folder of whoever follows the documents: what the smallest demo has, by the names that the documents use. */
import { copyFileSync, cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FrameStore, prepare } from "../../src/data/index.ts";
import { DEMO_CROPS, DEMO_SIZES } from "../../src/demo/sizes.ts";
import { exportModel, loadPart } from "../../src/deploy/index.ts";
import { probe } from "../../src/evaluate/index.ts";
import {
  adam,
  constant,
  faceViews,
  loadBackbone,
  pretrain,
  sslFer,
  tinyResNet,
} from "../../src/ssl/index.ts";
import { synthesize, synthOptions } from "../../src/synth/index.ts";
import { faceImage } from "../deploy/predict/fixture.ts";

/** Clips enough for a batch of 32 of the training split; few frames beside those that `prepare` samples, as drawing takes longest. */
const FILMS = { ...DEMO_SIZES.smallest.films, clips: 4, frameRateHz: 5 } as const;

/**
 * Makes, once for all blocks: `films/`, `talk.mp4`, `selfie.jpg`, `films.store`, `runs/first`, `happy.probe`, `va.probe`, `model/`.
 * @param folder that gets them; made if missing
 */
export async function makeWorkplace(folder: string): Promise<void> {
  const at = (...names: string[]) => join(folder, ...names);
  mkdirSync(at("runs"), { recursive: true });
  await synthesize(synthOptions({ ...FILMS, out: at("films"), workers: 1 }));
  await prepare(at("films"), at("films.store"), { ...DEMO_CROPS, workers: 0 });
  await pretrain({
    store: FrameStore.open(at("films.store")),
    method: sslFer({ backbone: tinyResNet() }),
    views: faceViews({ size: 48 }),
    optimizer: adam({ learningRate: 1e-3 }),
    schedule: constant(),
    batch: 8,
    steps: 2,
    seed: 0,
    out: at("runs", "first"),
  });
  await makeModel(at("runs", "first"), at("films.store"), at);
  copyFileSync(at("films", "actor0000", "clip00.mp4"), at("talk.mp4"));
  await faceImage(at("talk.mp4"), folder, "selfie.jpg");
}

async function makeModel(run: string, store: string, at: (name: string) => string): Promise<void> {
  const parts = [];
  for (const [task, name] of [
    ["expression", "happy.probe"],
    ["va", "va.probe"],
  ] as const) {
    await probe(loadBackbone(run), store, { task, minSteps: 4, epochs: 1, save: at(name) });
    parts.push(await loadPart(at(name)));
  }
  await exportModel(parts, at("model"));
}

/** A copy for one block, which may change it. */
export function copyWorkplace(from: string, to: string, without: readonly string[]): void {
  cpSync(from, to, { recursive: true });
  for (const path of without) rmSync(join(to, path), { recursive: true });
}
