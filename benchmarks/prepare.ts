/**
 * Sampled frames a second per core, from 256 px H.264 to the frame store, with the time by stage. The films are those
 * of a few synthetic films, or of the folder in DUCHENNE_BENCH_VIDEOS. The reference is the floor this project set itself.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepare } from "duchenne/data";

const FLOOR_FRAMES_PER_SECOND = 120;
const MAIN = fileURLToPath(new URL("../packages/duchenne/src/cli/main.ts", import.meta.url));

/** Six actors, two films of eight seconds each. */
function makeFilms(folder: string): string {
  const films = join(folder, "synth");
  const size = ["--actors", "6", "--clips", "2", "--seconds", "8", "--seed", "1"];
  const node = ["--import", "tsx", "--conditions=source", MAIN, "synth", ...size, "--out", films];
  execFileSync(process.execPath, node, { stdio: ["ignore", "ignore", "inherit"] });
  return films;
}

const folder = mkdtempSync(join(tmpdir(), "duchenne-bench-"));
try {
  const films = process.env.DUCHENNE_BENCH_VIDEOS ?? makeFilms(folder);
  // One run unmeasured: it loads the landmark model, which costs a second once and nothing per frame.
  await prepare(films, join(folder, "warm"), { workers: 0, dataset: "videoFolder" });
  const cpu = process.cpuUsage();
  const { framesPerSecond, framesSampled, frames, stageMilliseconds } = await prepare(
    films,
    join(folder, "store"),
    {
      workers: 0,
      dataset: "videoFolder",
    },
  );
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = (user + system) / 1e6;
  // Per core: by processor time, since decoder and detector run beside the main thread, and other programs on the machine.
  const ours = framesSampled / cpuSeconds;
  const perFrame = Object.entries(stageMilliseconds).map(([stage, ms]) => [
    stage,
    +(ms / framesSampled).toFixed(3),
  ]);
  console.log(
    JSON.stringify({
      ...{
        bench: "prepare",
        case: "256 px H.264 to store",
        unit: "sampled frames/s per core",
        ours: Math.round(ours),
      },
      ...{
        reference: FLOOR_FRAMES_PER_SECOND,
        referenceName: "own floor",
        ratio: ours / FLOOR_FRAMES_PER_SECOND,
      },
      ...{ framesSampled, frames, framesPerSecondOfWallClock: Math.round(framesPerSecond) },
      millisecondsPerFrame: Object.fromEntries(perFrame),
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
