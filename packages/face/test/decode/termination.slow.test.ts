/** Threads that are terminated while they decode: in a process of its own, which an abort would take with it. */
import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { plain, writeVideo } from "../media.ts";

const SOURCE = new URL("../../dist/decode/source.js", import.meta.url).href;
const ROUNDS = 8;

const program = (file: string) => `
  import { Worker } from "node:worker_threads";
  const code = \`Promise.all([import("${SOURCE}"), import("node:worker_threads")]).then(async ([{ readFrames }, { parentPort }]) => {
    const source = { kind: "video", path: ${JSON.stringify(file)} };
    const options = { fps: 1000, threads: 1, maxSide: 4096, strict: false };
    for (let round = 0; ; round++) {
      for await (const frame of readFrames(source, options)) parentPort.postMessage("read");
    }
  })\`;
  for (let i = 0; i < ${ROUNDS}; i++) {
    const worker = new Worker(code, { eval: true });
    await new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
    await new Promise((resolve) => setTimeout(resolve, (i * 7) % 30));
    await worker.terminate();
  }
  console.log("survived");`;

// Frames above 640 x 480 are decoded on the thread pool, smaller ones on the calling thread.
test.each([
  [320, 240],
  [1280, 720],
])("a thread that decodes %i x %i can be terminated at any moment", async (width, height) => {
  const file = join(mkdtempSync(join(tmpdir(), "termination-")), "film.mp4");
  await writeVideo(
    file,
    Array.from({ length: 12 }, (_, i) => plain(width, height, [20 * i, 90, 30])),
  );
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", program(file)],
    { encoding: "utf8", env: { ...process.env, NODE_OPTIONS: "" } },
  );
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "survived\n", stderr: "" });
});
