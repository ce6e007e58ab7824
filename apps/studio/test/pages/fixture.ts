/** A studio as somebody would have it: synthetic films, two runs on them, a model made of one, and the command that shows them. */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readFrames } from "@duchenne/face";
import turbo from "@julusian/jpeg-turbo";

import { prepare } from "../../../../packages/duchenne/src/data/prepare/prepare.ts";
import { asBuffer } from "../../../../packages/duchenne/src/data/store/imageCodec.ts";
import { DEMO_CROPS, DEMO_SIZES } from "../../../../packages/duchenne/src/demo/sizes.ts";
import { exportModel, loadPart } from "../../../../packages/duchenne/src/deploy/export/index.ts";
import { probe } from "../../../../packages/duchenne/src/evaluate/probe.ts";
import { resolveConfig, type Settings } from "../../../../packages/duchenne/src/ssl/config/resolveConfig.ts";
import { loadBackbone } from "../../../../packages/duchenne/src/ssl/run/loadBackbone.ts";
import { pretrain } from "../../../../packages/duchenne/src/ssl/train/pretrain.ts";
import { valuesFromConfig } from "../../../../packages/duchenne/src/ssl/valuesFromConfig.ts";
import { synthesize, synthOptions } from "../../../../packages/duchenne/src/synth/index.ts";
import { lastingFolder } from "../../../../packages/duchenne/test/deploy/predict/fixture.ts";
import { PROGRAM } from "../../../../packages/duchenne/test/program.ts";

export interface StudioFolder {
  readonly folder: string;
  /** A synthetic film. */
  readonly film: string;
  readonly store: string;
}

const { films: size } = DEMO_SIZES.smallest;
const SETTINGS: Settings = {
  preset: "tiny",
  batch: 6,
  steps: 6,
  warmupSteps: 2,
  threads: 1,
  workers: 0,
  logEvery: 1,
};

/** The smallest demo's films, and what can be done with it in seconds. */
export async function makeFolder(): Promise<StudioFolder> {
  const folder = lastingFolder();
  const [films, store] = [join(folder, "synth"), join(folder, "synth.store")];
  await synthesize(synthOptions({ out: films, ...size, workers: 1 }), () => {});
  await prepare(films, store, { ...DEMO_CROPS, workers: 0 });
  for (const method of ["simclr", "ssl-fer"] as const) {
    const config = resolveConfig({ ...SETTINGS, method });
    await pretrain({
      ...valuesFromConfig(config),
      store,
      out: join(folder, "runs", method),
      command: `duchenne pretrain --method ${method}`,
    });
  }
  const saved = [];
  for (const task of ["expression", "va"] as const) {
    const save = join(folder, `${task}.probe`);
    const quick = { task, save, labels: ["all"], seeds: 1, minSteps: 20, epochs: 20 };
    await probe(loadBackbone(join(folder, "runs", "ssl-fer")), store, quick);
    saved.push(await loadPart(save));
  }
  await exportModel(saved, join(folder, "models", "happy"));
  return { folder, film: join(films, "actor0000", "clip00.mp4"), store };
}

/** Starts the command line. */
export function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [PROGRAM, ...args], { env: { ...process.env, NODE_OPTIONS: "" } });
}

/** Starts `duchenne studio`. @returns its address, and how to end it as Ctrl-C does: the exit code comes back */
export async function startStudio(
  folder: string,
): Promise<{ url: string; stop: () => Promise<number | null> }> {
  const child = start(["studio", folder, "--port", "0", "--no-open"]);
  let complaints = "";
  child.stderr!.on("data", (text: Buffer) => {
    complaints += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.once("data", (text: Buffer) => resolve(text.toString().trim()));
    child.once("exit", (code) => reject(new Error(`the studio ended with ${code}: ${complaints}`)));
  });
  const stop = () => {
    child.kill("SIGINT");
    return ended;
  };
  return { url, stop };
}

const CAMERA_FPS = 30;
const CAMERA_SIDE = 640;

/** Rewrites a film as Chromium's fake camera takes it: JPEGs one after the other. */
export async function writeCameraFilm(film: string, out: string): Promise<void> {
  const parts: Buffer[] = [];
  const options = { fps: CAMERA_FPS, threads: 1, maxSide: CAMERA_SIDE, strict: false };
  for await (const { data, width, height } of readFrames({ kind: "video", path: film }, options)) {
    const about = { format: turbo.FORMAT_RGB, width, height, subsampling: turbo.SAMP_420, quality: 90 };
    parts.push(Buffer.from(turbo.compressSync(asBuffer(data), about)));
  }
  writeFileSync(out, Buffer.concat(parts));
}

/** The first frames of two films side by side, as a JPEG. */
export async function pictureOfTwo(films: readonly [string, string]): Promise<Buffer> {
  const frames: { data: Buffer; width: number; height: number }[] = [];
  const options = { fps: 1, threads: 1, maxSide: CAMERA_SIDE, strict: false };
  for (const path of films)
    for await (const { data, width, height } of readFrames({ kind: "video", path }, options)) {
      frames.push({ data: Buffer.from(data), width, height });
      break;
    }
  const { width, height } = frames[0]!;
  const row = (y: number) => frames.map(({ data }) => data.subarray(3 * y * width, 3 * (y + 1) * width));
  const pixels = Buffer.concat(Array.from({ length: height }, (_, y) => row(y)).flat());
  const about = {
    format: turbo.FORMAT_RGB,
    width: 2 * width,
    height,
    subsampling: turbo.SAMP_420,
    quality: 90,
  };
  return Buffer.from(turbo.compressSync(pixels, about));
}
