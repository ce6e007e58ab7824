/** Threads that are terminated while they load FFmpeg or decode: in a process of its own, which an abort would take with it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { plain, writeVideo } from "../media.ts";

const SOURCE = new URL("../../dist/decode/source.js", import.meta.url).href;

/** A program that starts threads which decode one file again and again, and `ends` them. */
const program = (file: string, ends: string) => `
  import { Worker } from "node:worker_threads";
  const code = \`Promise.all([import("${SOURCE}"), import("node:worker_threads")]).then(async ([{ readFrames }, { parentPort }]) => {
    const source = { kind: "video", path: ${JSON.stringify(file)} };
    const options = { fps: 1000, threads: 1, maxSide: 4096, strict: false };
    for (let round = 0; ; round++) {
      for await (const frame of readFrames(source, options)) parentPort.postMessage("read");
    }
  })\`;
  const start = () => new Worker(code, { eval: true });
  const firstFrame = (worker) =>
    new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  ${ends}
  console.log("survived");`;

/** Each thread decodes when it is terminated, a little later than the one before. */
const WHILE_DECODING = `
  for (let i = 0; i < 8; i++) {
    const worker = start();
    await firstFrame(worker);
    await pause((i * 7) % 30);
    await worker.terminate();
  }`;

/** The library is in memory from the first thread on, but each thread initialises it. */
const WHILE_LOADING = `
  for (let i = 0; i < 8; i++) {
    const worker = start();
    await pause(30 + 12 * i);
    await worker.terminate();
  }
  const last = start();
  await firstFrame(last);
  await last.terminate();`;

async function film(width: number, height: number): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), "termination-")), "film.mp4");
  const frames = Array.from({ length: 12 }, (_, i) => plain(width, height, [20 * i, 90, 30]));
  await writeVideo(file, frames);
  return file;
}

function run(text: string) {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", text],
    { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } },
  );
  return { status, signal, stdout, stderr };
}

const SURVIVED = { status: 0, signal: null, stdout: "survived\n", stderr: "" };

// Frames above 640 x 480 are decoded on the thread pool, smaller ones on the calling thread.
test.each([
  [320, 240],
  [1280, 720],
])("a thread that decodes %i x %i can be terminated at any moment", async (width, height) => {
  expect(run(program(await film(width, height), WHILE_DECODING))).toEqual(SURVIVED);
});

test("a thread that loads FFmpeg can be terminated at any moment, and later threads decode", async () => {
  expect(run(program(await film(320, 240), WHILE_LOADING))).toEqual(SURVIVED);
});
