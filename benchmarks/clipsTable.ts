/**
 * What the face stage makes of a folder of videos, one row per clip.
 * Usage: tsx --conditions=source benchmarks/clipsTable.ts <folder> [--fps <Hz>]
 */

import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { type ClipSummary, extractFaces, landmarkModelNotice, MediaError } from "@duchenne/face";

const VIDEO_NAME = /\.(mp4|webm|avi|mov|mkv)$/i;

async function listVideos(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((name) => VIDEO_NAME.test(name))
    .sort()
    .map((name) => join(folder, name));
}

async function summarise(path: string, fps: number | undefined): Promise<ClipSummary> {
  const faces = extractFaces({ kind: "video", path }, fps === undefined ? {} : { fps });
  for (;;) {
    const step = await faces.next();
    if (step.done) return step.value;
  }
}

function row(name: string, clip: ClipSummary): string {
  const reasons = Object.entries(clip.skipped).filter(([, count]) => count > 0);
  const skipped = reasons.map(([reason, count]) => `${reason} ${count}`).join(", ");
  const counts = [clip.framesSampled, clip.framesWithFace, clip.framesKept, clip.tracks];
  return `| ${[name, ...counts, skipped || "-"].join(" | ")} |`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { fps: { type: "string" } } });
  const folder = positionals[0];
  if (folder === undefined) throw new Error("expected the folder of videos as first argument");
  console.log(`${landmarkModelNotice}\n`);
  console.log("| clip | sampled | with face | kept | tracks | skipped |\n|---|---|---|---|---|---|");
  const total = { sampled: 0, withFace: 0, kept: 0, clips: 0, clipsWithTrack: 0 };
  const stages: Record<string, number> = {};
  for (const path of await listVideos(folder)) {
    const clip = await summarise(path, values.fps === undefined ? undefined : Number(values.fps)).catch(
      (error) => {
        if (error instanceof MediaError) return null;
        throw error;
      },
    );
    if (clip === null) continue;
    console.log(row(relative(folder, path), clip));
    total.sampled += clip.framesSampled;
    total.withFace += clip.framesWithFace;
    total.kept += clip.framesKept;
    total.clips += 1;
    total.clipsWithTrack += clip.tracks > 0 ? 1 : 0;
    for (const [stage, ms] of Object.entries(clip.stageMilliseconds))
      stages[stage] = (stages[stage] ?? 0) + ms;
  }
  const share = ((100 * total.kept) / total.sampled).toFixed(2);
  console.log(
    `\n${total.kept} of ${total.sampled} sampled frames kept (${share} %), ${total.withFace} with a face;`,
  );
  console.log(`${total.clipsWithTrack} of ${total.clips} clips gave a track.`);
  const perFrame = Object.entries(stages).map(([stage, ms]) => `${stage} ${(ms / total.sampled).toFixed(2)}`);
  console.log(`Milliseconds per sampled frame: ${perFrame.join(", ")}.`);
}

await main();
