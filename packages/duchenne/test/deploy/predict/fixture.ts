/** A small model and small media for the tests of `predict` and `embed`. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { exportModel, loadPart } from "../../../src/deploy/export/index.ts";
import { probe } from "../../../src/evaluate/probe.ts";
import { synthesize, synthOptions } from "../../../src/synth/index.ts";
import { QUICK, stillsOfPeople, untrained, writeStills } from "../../evaluate/support.ts";

/** A folder that lives as long as the test file's process. */
export function lastingFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "duchenne-test-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A model with both heads, trained on stripes: what it says of faces is nonsense, but always the same. */
export async function makeModel(root: string): Promise<string> {
  const store = await writeStills(stillsOfPeople(10, 3), "csv", join(root, "store"));
  const parts = [];
  for (const task of ["expression", "va"] as const) {
    const save = join(root, `${task}.probe`);
    await probe(untrained(), store, { ...QUICK, task, save });
    parts.push(await loadPart(save));
  }
  const folder = join(root, "model");
  await exportModel(parts, folder);
  return folder;
}

export const FILM_SECONDS = 2;
export const FILM_FRAMES = 25 * FILM_SECONDS;

/** A film of an actor, 256 px. @returns its path */
export async function makeFilm(root: string): Promise<string> {
  const out = join(root, "synth");
  await synthesize(synthOptions({ actors: 1, clips: 1, seconds: FILM_SECONDS, seed: 3, out }));
  return join(out, "actor0000", "clip00.mp4");
}

/** Writes the first frame of a film. @param name of a kind that sharp knows   @returns its path */
export async function faceImage(film: string, root: string, name = "face.png"): Promise<string> {
  const { readFrames } = await import("@duchenne/face");
  mkdirSync(root, { recursive: true });
  const file = join(root, name);
  const frames = readFrames(
    { kind: "video", path: film },
    { fps: 25, threads: 1, maxSide: 4096, strict: false },
  );
  for await (const { data, width, height } of frames) {
    await sharp(data, { raw: { width, height, channels: 3 } }).toFile(file);
    break;
  }
  return file;
}
