/** What an import loads: nothing heavy, before it is used. Each entry is imported by a process of its own. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const PROGRAM = fileURLToPath(new URL("./importEntry.mjs", import.meta.url));

/** Native libraries by the file that is mapped into the process. */
const LIBRARIES = {
  libtorch: /\/libtorch_cpu|\/torch\.node$/,
  onnxruntime: /onnxruntime/,
  sharp: /\/libvips|\/sharp-/,
  "node-av": /\/node-av\.node$/,
  canvas: /\/skia\./,
  dlib: /\/face\.node$/,
  lmdb: /\/@lmdb\//,
  "jpeg-turbo": /jpeg-turbo/,
  crc32: /\/crc32\./,
} as const;
type Library = keyof typeof LIBRARIES;

/** Entries by what their import may load: what they cannot do without, or what costs some milliseconds. */
const ENTRIES: Readonly<Record<string, readonly Library[]>> = {
  duchenne: [],
  "duchenne/data": [],
  // Draws, films and compresses.
  "duchenne/synth": ["canvas", "sharp"],
  "duchenne/ssl": [],
  "duchenne/evaluate": [],
  "duchenne/deploy": [],
  "@duchenne/predict": [],
  "@duchenne/predict/node": [],
  "@duchenne/face": [],
  "@duchenne/crop": [],
  "@duchenne/model-fer": [],
  "@duchenne/model-fer/node": [],
  "@duchenne/torch": [],
  "@duchenne/torch/weights": [],
};

/** Of the processor for an import; the slowest takes a quarter of it. */
const MOST_SECONDS = 10;

function importEntry(entry: string): { seconds: number; files: string[] } {
  const args = [PROGRAM, entry];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(status === 0 ? "" : stderr).toBe("");
  return JSON.parse(stdout) as { seconds: number; files: string[] };
}

test.runIf(process.platform === "linux").each(Object.entries(ENTRIES))("%s", (entry, allowed) => {
  const { seconds, files } = importEntry(entry);
  const loaded = Object.entries(LIBRARIES).flatMap(([name, pattern]) =>
    files.some((file) => pattern.test(file)) ? [name] : [],
  );
  expect(loaded.toSorted()).toEqual(allowed.toSorted());
  expect(seconds).toBeLessThan(MOST_SECONDS);
});
