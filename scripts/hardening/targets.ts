/** The readers that get damaged files, and what they may say of them. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCanvas } from "@napi-rs/canvas";
import { csvRows } from "../../packages/duchenne/src/data/datasets/csvRows.ts";
import { readNpyScalar } from "../../packages/duchenne/src/data/datasets/npy.ts";
import { DataError } from "../../packages/duchenne/src/data/datasets/types.ts";
import { manifestSchema } from "../../packages/duchenne/src/data/store/manifest.ts";
import { packRecord, unpackRecord } from "../../packages/duchenne/src/data/store/record.ts";
import { readProbeResult } from "../../packages/duchenne/src/evaluate/results/resultFile.ts";
import { ProbeError } from "../../packages/duchenne/src/evaluate/schema/errors.ts";
import { PlanError } from "../../packages/duchenne/src/report/reproduce/errors.ts";
import { readPlan } from "../../packages/duchenne/src/report/reproduce/plan.ts";
import { createApp } from "../../packages/duchenne/src/studio/app.ts";
import { ArtifactIndex } from "../../packages/duchenne/src/studio/artifactIndex.ts";
import type { Computer } from "../../packages/duchenne/src/studio/compute/computer.ts";
import { Stores } from "../../packages/duchenne/src/studio/stores.ts";
import { readFrames } from "../../packages/face/src/decode/source.ts";
import { MediaError } from "../../packages/face/src/errors.ts";
import { plain, writeVideo } from "../../packages/face/test/media.ts";
import { parseConfig } from "../../packages/predict/src/config.ts";
import { ModelError } from "../../packages/predict/src/errors.ts";
import { parsePreprocessor } from "../../packages/predict/src/preprocessor.ts";
import { WeightsError } from "../../packages/torch/src/weights/errors.ts";
import { parsePth } from "../../packages/torch/src/weights/pth.ts";
import { parseSafetensors } from "../../packages/torch/src/weights/safetensors.ts";

/** A reader under test. */
export interface Target {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  /** Only the first so many bytes are changed: the rest is a codec's own. */
  readonly head?: number;
  /** How many of these cost as much as one of the fastest. */
  readonly cost: number;
  /** Reads; an error that it throws must be of one of the classes. */
  readonly read: (bytes: Buffer) => unknown;
  readonly errors: readonly (abstract new (...args: never[]) => Error)[];
}

const root = new URL("../../packages/", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "mutations-"));
const golden = (name: string) => readFileSync(join(root, "torch/test/golden/weights", name));
const json = (value: unknown) => Buffer.from(JSON.stringify(value));

/** A reader of paths reads the bytes from a file. */
function fromFile(name: string, read: (file: string) => unknown): (bytes: Buffer) => unknown {
  const file = join(folder, name);
  return (bytes) => {
    writeFileSync(file, bytes);
    return read(file);
  };
}

async function drain(frames: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of frames);
}

const DECODE = { fps: 5, threads: 1, maxSide: 4096, strict: false };
const still = fromFile("picture", (path) => drain(readFrames({ kind: "still", path }, DECODE)));
const video = fromFile("film.mp4", (path) => drain(readFrames({ kind: "video", path }, DECODE)));

function picture(type: "image/jpeg" | "image/png"): Buffer {
  const canvas = createCanvas(48, 40);
  const context = canvas.getContext("2d");
  context.fillStyle = "#a86";
  context.fillRect(5, 5, 30, 30);
  return type === "image/png" ? canvas.toBuffer(type) : canvas.toBuffer(type, 90);
}

async function film(name: string): Promise<Buffer> {
  const file = join(folder, name);
  await writeVideo(
    file,
    Array.from({ length: 8 }, (_, i) => plain(64, 48, [20 * i, 90, 30])),
  );
  return readFileSync(file);
}

function safetensors(): Buffer {
  const tensors = {
    weight: { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
    bias: { dtype: "F16", shape: [2], data_offsets: [24, 28] },
  };
  const header = Buffer.from(JSON.stringify({ __metadata__: { format: "pt" }, ...tensors }));
  const length = Buffer.alloc(8);
  length.writeUInt32LE(header.length);
  return Buffer.concat([length, header, Buffer.alloc(28, 1)]);
}

function npy(type: string, data: Buffer): Buffer {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (), }`.padEnd(117, " ");
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"),
    Buffer.from(`${header}\n`),
    data,
  ]);
}

const record = packRecord({
  ...{ timeSeconds: 1.5, labels: { expression: "happy", valence: 0.5 } },
  ...{ landmarks: new Float32Array(136).fill(7), feature: new Float32Array(12) },
});
const options = {
  ...{ dataset: "video-folder", source: "/films", size: 112, codec: "jpeg", jpegQuality: 95, frameRateHz: 5 },
  ...{ detect: true, alignEyes: false, personLevel: 1, feature: "landmarks", featureLength: 12 },
  ...{ featureModel: "a", landmarkModel: "b" },
};
const counts = { clips: 1, tracks: 1, persons: 1, framesSampled: 1, frames: 1, skipped: {}, problems: {} };
const manifest = {
  ...{ format: "duchenne-frame-store", formatVersion: 1, versions: {}, options, expressions: ["happy"] },
  ...{ complete: true, counts, badRows: {}, nextFrame: 1, nextClip: 1, removedPersons: [] },
};
const plan = {
  ...{ name: "plan", store: "a.store", arch: "tiny", size: 48, budget: { steps: 2 }, seeds: [0, 1] },
  ...{ settings: { preset: "tiny" }, evaluations: [{ store: "b.store", task: "va", labels: ["1%", "all"] }] },
};
const table = 'path;expression;valence\r\na/1.jpg;happy;0.5\r\n"a;2.jpg";sad;-1\r\n';

/** The folder has no run to compute anything of: a request that gets so far is a fault. */
const computes = (): never => {
  throw new Error("expected no request that computes");
};
const app = createApp({
  artifacts: new ArtifactIndex([folder], new Stores()),
  computer: { map: computes, predictions: computes } as unknown as Computer,
  pages: folder,
});

/** One request of the studio, a line of method, path and Host. A fault of the server is an answer of 500. */
async function request(bytes: Buffer): Promise<void> {
  const [method = "GET", path = "/", host = "localhost", body = ""] = bytes.toString("latin1").split("\n");
  let wanted: Request;
  try {
    const text = /^(GET|HEAD)$/i.test(method) ? {} : { body };
    wanted = new Request(new URL(path, "http://localhost"), { method, headers: { host }, ...text });
  } catch {
    return; // no HTTP client sends this
  }
  const response = await app.fetch(wanted);
  if (response.status >= 500)
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
}

/** All readers. */
export const targets: readonly Target[] = [
  {
    name: "safetensors",
    seeds: [safetensors()],
    ...{ cost: 1, read: (bytes: Buffer) => parseSafetensors(bytes, "a.safetensors"), errors: [WeightsError] },
  },
  {
    name: "pth",
    seeds: [golden("state_dict_zip.pth"), golden("state_dict_legacy.pth"), golden("evil_zip.pth")],
    ...{ cost: 4, read: (bytes: Buffer) => parsePth(bytes, "a.pth"), errors: [WeightsError] },
  },
  {
    name: "npy",
    seeds: [
      npy("<f8", Buffer.alloc(8)),
      npy("<U4", Buffer.from(Uint32Array.from("3.5\u0000", (one) => one.charCodeAt(0)).buffer)),
    ],
    ...{ cost: 4, read: fromFile("label.npy", readNpyScalar), errors: [DataError] },
  },
  {
    name: "csv",
    seeds: [Buffer.from(table), Buffer.from(`\uFEFF${table.replaceAll(";", "\t")}`, "utf16le")],
    cost: 20,
    read: fromFile("labels.csv", (file) => drain(csvRows(file, ["path"], () => undefined))),
    errors: [DataError],
  },
  {
    name: "store record",
    seeds: [Buffer.from(record)],
    ...{ cost: 1, read: unpackRecord, errors: [RangeError] },
  },
  {
    name: "store manifest",
    seeds: [json(manifest)],
    ...{ cost: 1, read: (bytes: Buffer) => manifestSchema.safeParse(JSON.parse(bytes.toString())) },
    errors: [SyntaxError],
  },
  {
    name: "plan",
    seeds: [json(plan)],
    ...{ cost: 4, read: fromFile("plan.json", readPlan), errors: [PlanError] },
  },
  {
    name: "result file",
    seeds: [json({ format: "duchenne-probe", formatVersion: 1, complete: false, cells: [], summary: [] })],
    ...{ cost: 4, read: fromFile("result.json", readProbeResult), errors: [ProbeError] },
  },
  {
    name: "model config",
    seeds: [
      json({ architectures: ["tiny"], image_size: 48, id2label: { 0: "happy", 1: "sad" }, outputs: {} }),
    ],
    ...{ cost: 1, read: (bytes: Buffer) => parseConfig(JSON.parse(bytes.toString())) },
    errors: [ModelError, SyntaxError],
  },
  {
    name: "model preprocessor",
    seeds: [json({ image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5], size: 48, face_scale: 1.6 })],
    ...{ cost: 1, read: (bytes: Buffer) => parsePreprocessor(JSON.parse(bytes.toString())) },
    errors: [ModelError, SyntaxError],
  },
  {
    name: "JPEG and PNG",
    seeds: [picture("image/jpeg"), picture("image/png")],
    ...{ head: 400, cost: 60, read: still, errors: [MediaError] },
  },
  {
    name: "MP4 and Matroska",
    seeds: [await film("seed.mp4"), await film("seed.mkv")],
    ...{ cost: 200, read: video, errors: [MediaError] },
  },
  {
    name: "studio request",
    seeds: [
      ...["GET\n/api/library\nlocalhost", "POST\n/api/maps?run=a&store=b&step=1\n127.0.0.1:80\n{}"],
      ...["GET\n/models/a/onnx/model.onnx\nlocalhost", "GET\n/assets/index.js\nlocalhost"],
    ].map((text) => Buffer.from(text)),
    ...{ cost: 10, read: request, errors: [] },
  },
];
