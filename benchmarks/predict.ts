/**
 * An exported ResNet-18 at 64 px: one face in Node against PyTorch with two threads each, in turns; then 256 px synthetic films,
 * every face of every frame, against the floor this project set itself.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { exportModel, listInputs, loadPart, openModel, predictVideos } from "duchenne/deploy";
import { openBrowser } from "../packages/duchenne/test/deploy/export/browser.ts";
import { median, print } from "./line.ts";
import { ours, type Peer, pythonWithTorch, reference } from "./peer.ts";

const MAIN = fileURLToPath(new URL("../packages/duchenne/src/cli/main.ts", import.meta.url));
const ARCH = "resnet18";
const PIXELS = 64;
const ROUNDS = 9;
const FACES = 25;
const FLOOR_FRAMES_PER_SECOND = 25;
const FLOOR_MILLISECONDS = 1000 / 30;

async function latency(model: string, what: "network" | "picture"): Promise<void> {
  const peers: Peer[] = [ours("predict.peer.ts", [model])];
  const python = pythonWithTorch();
  if (python) peers.push(reference(python, "predict.py", ["18", String(PIXELS)]));
  const times = peers.map((): number[] => []);
  for (const peer of peers) await peer.ask(`${what} 10`);
  for (let round = 0; round < ROUNDS; round++)
    for (const [i, peer] of peers.entries()) times[i]!.push(await peer.ask(`${what} ${FACES}`));
  for (const peer of peers) peer.end();
  const [own, other] = times.map(median);
  const name = what === "network" ? "one crop" : "one face cut out of a 256 px picture";
  print(
    {
      ...{ bench: "predict", case: `${ARCH} ${PIXELS}px, ${name}`, unit: "ms", ours: own! },
      ...{ reference: other ?? null, referenceName: "pytorch" },
    },
    "less",
  );
}

/** In headless Chromium, WebAssembly on one thread. */
async function browserLatency(model: string): Promise<void> {
  const page = await openBrowser(model);
  try {
    await page.timeCrops(10);
    const ours = await page.timeCrops(FACES * ROUNDS);
    print(
      {
        ...{
          bench: "predict",
          case: `${ARCH} ${PIXELS}px, one crop, Chromium, WebAssembly`,
          unit: "ms",
          ours,
        },
        ...{ reference: FLOOR_MILLISECONDS, referenceName: "own floor: 30 frames/s" },
      },
      "less",
    );
  } finally {
    await page.close();
  }
}

/** Two actors, six seconds each. */
function makeFilms(folder: string): string {
  const films = join(folder, "synth");
  const size = ["--actors", "2", "--clips", "1", "--seconds", "6", "--seed", "1"];
  const node = ["--import", "tsx", "--conditions=source", MAIN, "synth", ...size, "--out", films];
  execFileSync(process.execPath, node, { stdio: ["ignore", "ignore", "inherit"] });
  return films;
}

async function films(folder: string, films: string): Promise<void> {
  const model = await openModel(folder, 2);
  const inputs = listInputs([films], (message) => console.error(message));
  const hooks = { onFrame: () => {} };
  // One film unmeasured: it loads the landmark model.
  await predictVideos(model, inputs.slice(0, 1), {}, hooks);
  const start = performance.now();
  const { frames, faces } = await predictVideos(model, inputs, {}, hooks);
  const speed = (frames * 1000) / (performance.now() - start);
  if (faces < frames) console.error(`faces in ${faces} of ${frames} frames`);
  print(
    {
      ...{ bench: "predict", case: `${ARCH} ${PIXELS}px, 256 px films`, unit: "frames/s", ours: speed },
      ...{ reference: FLOOR_FRAMES_PER_SECOND, referenceName: "own floor" },
    },
    "more",
  );
  await model.dispose();
}

const folder = mkdtempSync(join(tmpdir(), "duchenne-bench-"));
try {
  const model = join(folder, "model");
  await exportModel([await loadPart("untrained", { arch: ARCH, size: PIXELS })], model);
  await latency(model, "network");
  await latency(model, "picture");
  await browserLatency(model);
  await films(model, process.env.DUCHENNE_BENCH_VIDEOS ?? makeFilms(folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
