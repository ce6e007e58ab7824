/** One model, three worlds: libtorch, onnxruntime-node and onnxruntime-web in Chromium say the same of the same faces. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readStill } from "@duchenne/face";
import type { Face, Model, Pixels, Prediction } from "@duchenne/predict";
import { nn, noGrad } from "@duchenne/torch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { prepare } from "../../../src/data/prepare/prepare.ts";
import { exportModel, loadPart } from "../../../src/deploy/export/index.ts";
import type { Network } from "../../../src/deploy/export/onnx/writeOnnx.ts";
import { probe } from "../../../src/evaluate/probe.ts";
import { loadBackbone } from "../../../src/ssl/run/loadBackbone.ts";
import { synthesize, synthOptions } from "../../../src/synth/index.ts";
import { QUICK } from "../../evaluate/support.ts";
import { lastingFolder } from "../predict/fixture.ts";
import { openBrowser, type PredictingPage } from "./browser.ts";
import { type Outputs, ofCrop, ofPicture } from "./libtorchWorld.ts";
import { hasRealClips, type ParityFrame, realFrames, stillFrames } from "./parityFrames.ts";
import { openModel } from "./support.ts";

const SIZE = 64;
const LEAST_FRAMES = 50;
const TOLERANCE = 1e-3;
const SOFTENING = 0.01;

interface World {
  readonly folder: string;
  readonly network: Network;
  readonly frames: Readonly<Record<string, ParityFrame[]>>;
}

/** ResNet-18, untrained, with predictors trained on drawn stills: what it says is decided, if not clever. */
async function makeWorld(): Promise<World> {
  const root = lastingFolder();
  const stills = join(root, "stills");
  const actors = {
    actors: 10,
    clips: 1,
    seconds: 50,
    seed: 2,
    out: stills,
    stills: "affectnet-csv",
  } as const;
  await synthesize(synthOptions(actors));
  const store = join(root, "store");
  await prepare(stills, store, { workers: 0, detect: true });
  const loaded = loadBackbone("untrained", { arch: "resnet18", size: SIZE });
  const parts = [];
  for (const task of ["expression", "va"] as const) {
    const save = join(root, `${task}.probe`);
    await probe(loaded, store, { ...QUICK, task, save });
    parts.push(await loadPart(save));
  }
  soften(parts[1]!.trained!.head.predictor);
  const folder = join(root, "model");
  const { assembly } = await exportModel(parts, folder);
  const real = hasRealClips ? { "real faces": await realFrames(join(root, "real")) } : {};
  return { folder, network: assembly.network, frames: { "drawn faces": await stillFrames(stills), ...real } };
}

/** What it says of valence and arousal, brought into their range, beyond which no difference would show. */
function soften(predictor: nn.Module): void {
  const last = [...predictor.namedModules()]
    .map(([, module]) => module)
    .filter((module) => module instanceof nn.Linear);
  noGrad(() => {
    for (const tensor of last.at(-1)!.parameters()) tensor.mul_(SOFTENING);
  });
}

async function pixelsOf({ file }: ParityFrame): Promise<Pixels> {
  return { ...(await readStill(file, 4096)), channels: 3 };
}

/** Differences of two worlds over some frames. */
class Comparison {
  frames = 0;
  sameClass = 0;
  farthest = 0;
  #probability = 0;

  addOutputs(expected: Outputs, found: Outputs): void {
    this.frames += 1;
    for (const name of ["embedding", "expression_logits", "valence_arousal"] as const) {
      expect(found[name].length).toBe(expected[name].length);
      expected[name].forEach((value, i) => {
        this.farthest = Math.max(this.farthest, Math.abs(value - found[name][i]!));
      });
    }
  }

  addProbabilities(expected: readonly number[], found: Prediction): void {
    const told = Object.values(found.probabilities!);
    this.frames += 1;
    this.sameClass += Number(argmax(told) === argmax(expected));
    this.#probability += expected.reduce((sum, p, i) => sum + Math.abs(p - told[i]!), 0) / expected.length;
  }

  get meanProbability(): number {
    return this.#probability / this.frames;
  }
}

const argmax = (values: readonly number[]): number => values.indexOf(Math.max(...values));

function softmax(logits: Float32Array): number[] {
  const powers = Array.from(logits, Math.exp);
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

/** A model's prediction as outputs; logits but for a constant, which the mean takes out. */
function outputsOf({ embedding, probabilities, valence, arousal }: Prediction): Outputs {
  return {
    embedding,
    expression_logits: centred(Float32Array.from(Object.values(probabilities!), Math.log)),
    valence_arousal: Float32Array.of(valence!, arousal!),
  };
}

function centred(values: Float32Array): Float32Array {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.map((value) => value - mean);
}

const limited = ({ embedding, expression_logits, valence_arousal }: Outputs): Outputs => ({
  embedding,
  expression_logits: centred(expression_logits),
  valence_arousal: valence_arousal.map((value) => Math.max(-1, Math.min(1, value))),
});

let world: World;
let model: Model;
let page: PredictingPage;
beforeAll(async () => {
  world = await makeWorld();
  page = await openBrowser(world.folder);
});
afterAll(() => page.close());

const sets = hasRealClips ? ["drawn faces", "real faces"] : ["drawn faces"];
describe.each(sets)("on %s", (set) => {
  const frames = () => world.frames[set]!;

  test("there are at least fifty frames, and they do not all look alike", async () => {
    model = await openModel(world.folder);
    expect(frames().length).toBeGreaterThanOrEqual(LEAST_FRAMES);
    const told = new Set<string>();
    const affect: number[] = [];
    for (const frame of frames()) {
      const [prediction] = await model.predict(await pixelsOf(frame), [frame]);
      told.add(prediction!.expression!);
      affect.push(prediction!.valence!, prediction!.arousal!);
    }
    expect(told.size).toBeGreaterThan(2);
    expect(affect.filter((value) => Math.abs(value) < 1).length).toBe(affect.length);
    expect(Math.max(...affect) - Math.min(...affect)).toBeGreaterThan(0.01);
  });

  test("the same crop gives the same embedding, logits, valence and arousal in all three worlds", async () => {
    model = await openModel(world.folder);
    const [node, web] = [new Comparison(), new Comparison()];
    for (const frame of frames()) {
      const crop = model.crop(await pixelsOf(frame), frame);
      const expected = limited(ofCrop(world.network, crop, SIZE));
      node.addOutputs(expected, outputsOf((await model.predictCrops([crop]))[0]!));
      web.addOutputs(expected, outputsOf(await page.predictCrop(crop)));
    }
    report(set, "same crops", { node: node.farthest, web: web.farthest, frames: node.frames });
    expect(node.farthest).toBeLessThan(TOLERANCE);
    expect(web.farthest).toBeLessThan(TOLERANCE);
  });

  test("the same file, decoded, cut and resized by each world's own means, is about the same expression", async () => {
    model = await openModel(world.folder);
    const [node, web] = [new Comparison(), new Comparison()];
    for (const frame of frames()) {
      const outputs = await ofPicture(world.network, frame, { stored: model.info.faceSize, size: SIZE });
      const expected = softmax(outputs.expression_logits);
      node.addProbabilities(expected, (await model.predict(await pixelsOf(frame), [frame]))[0]!);
      web.addProbabilities(expected, await page.predictFile(readFileSync(frame.file), frame as Face));
    }
    for (const [name, { frames: count, sameClass, meanProbability }] of Object.entries({ node, web })) {
      report(set, `end to end, ${name}`, { sameClass: sameClass / count, meanProbability, frames: count });
      expect(sameClass / count).toBeGreaterThanOrEqual(0.98);
      expect(meanProbability).toBeLessThanOrEqual(0.02);
    }
  });
});

/** Figures for whoever asks: DUCHENNE_FIGURES=1. */
function report(set: string, what: string, figures: Record<string, number>): void {
  if (process.env.DUCHENNE_FIGURES) console.log(`${set}, ${what}: ${JSON.stringify(figures)}`);
}
