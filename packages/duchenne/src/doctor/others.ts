/** What is not native: Node, onnxruntime, FFmpeg, the landmark model, fonts, the studio's pages. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ffmpegProgram, findLandmarkModel } from "@duchenne/face";
import { WASM_FOLDER } from "@duchenne/predict/node";
import { describeShippedModel, shippedModelOrNone } from "../deploy/predict/shippedModel.ts";
import type { Finding } from "./finding.ts";

const LEAST_NODE = [20, 17] as const;

/** Node's version. */
export function findNode(): Finding {
  const [major, minor] = process.versions.node.split(".").map(Number) as [number, number];
  const isNew = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  const found = `${process.versions.node} (${process.platform}-${process.arch}, interface ${process.versions.modules})`;
  if (isNew) return { name: "Node", status: "ok", found };
  return { name: "Node", status: "missing", found: `${found}; 20.17 or newer is needed`, remedy: "node" };
}

/** Version of an installed package; undefined if it is not installed or does not load. */
async function versionOf(name: string): Promise<string | undefined> {
  try {
    await import(name);
    const entry = fileURLToPath(import.meta.resolve(name));
    for (let folder = dirname(entry); folder !== dirname(folder); folder = dirname(folder)) {
      const file = join(folder, "package.json");
      if (!existsSync(file)) continue;
      const found = JSON.parse(readFileSync(file, "utf8")) as { name?: string; version?: string };
      if (found.version !== undefined) return found.version;
    }
    return "of unknown version";
  } catch {
    return undefined;
  }
}

/** Which onnxruntime predicts. */
export async function findOnnxruntime(): Promise<Finding> {
  const native = await versionOf("onnxruntime-node");
  if (native) return { name: "onnxruntime", status: "ok", found: `onnxruntime-node ${native}` };
  if (existsSync(new URL("ort-wasm-simd-threaded.wasm", WASM_FOLDER)))
    return {
      name: "onnxruntime",
      status: "ok",
      found: "WebAssembly; npm install onnxruntime-node is faster (290 MB)",
    };
  return {
    name: "onnxruntime",
    status: "missing",
    found: "neither WebAssembly nor onnxruntime-node",
    remedy: "onnxruntime",
  };
}

/** Which FFmpeg reads and writes films. */
export async function findFfmpeg(): Promise<Finding> {
  const name = "FFmpeg";
  const { stdout, status } = spawnSync(ffmpegProgram(), ["-version"], { encoding: "utf8", timeout: 20_000 });
  const program = status === 0 ? stdout.split("\n")[0]!.replace(/ Copyright.*/, "") : undefined;
  const library = process.env.DUCHENNE_FFMPEG ? undefined : await versionOf("node-av/lib");
  if (library) return { name, status: "ok", found: `node-av ${library}, in the process (GPL-3.0)` };
  if (program === undefined)
    return {
      name,
      status: "missing",
      found: "neither the program ffmpeg nor node-av; films need one of them",
      remedy: "ffmpeg",
    };
  const hasX264 = /--enable-libx264/.test(stdout);
  return {
    name,
    status: "ok",
    found: `${program}, a process of its own${hasX264 ? "" : "; without libx264 it cannot write films (synth, predict --render)"}`,
  };
}

/** dlib's model of 68 landmarks. */
export async function findLandmarks(): Promise<Finding> {
  try {
    return { name: "landmark model", status: "ok", found: await findLandmarkModel(undefined) };
  } catch (error) {
    const found = `${(error as Error).message.split(". ")[0]}; prepare and predict need it`;
    return { name: "landmark model", status: "missing", found, remedy: "landmarks" };
  }
}

const FONT_FOLDERS = [
  "/usr/share/fonts",
  "/usr/local/share/fonts",
  "/System/Library/Fonts",
  join(homedir(), ".fonts"),
];

/** The model that predicts if none is named. */
export async function findModel(): Promise<Finding> {
  const name = "model";
  const shipped = await shippedModelOrNone();
  if (shipped) return { name, status: "ok", found: describeShippedModel(shipped) };
  return {
    name,
    status: "optional",
    found:
      "none installed; npm install @duchenne/model-fer brings one (for research), or name yours with --model",
  };
}

/** Any font: pictures have titles. */
export function findFonts(): Finding {
  const has = (folder: string): boolean => {
    try {
      return readdirSync(folder, { recursive: true, encoding: "utf8" }).some((name) =>
        /\.(tt[fc]|otf)$/.test(name),
      );
    } catch {
      return false;
    }
  };
  const folder = FONT_FOLDERS.find(has);
  return folder
    ? { name: "fonts", status: "ok", found: folder }
    : {
        name: "fonts",
        status: "slow",
        found: "none; contact sheets and rendered films have no text",
        remedy: "fonts",
      };
}

/** The pages that duchenne studio serves. */
export function findPages(): Finding {
  const name = "studio";
  try {
    const folder = join(
      dirname(createRequire(import.meta.url).resolve("@duchenne/studio/package.json")),
      "dist",
    );
    if (existsSync(join(folder, "index.html"))) return { name, status: "ok", found: folder };
    return { name, status: "missing", found: `no pages in ${folder}`, remedy: "pages" };
  } catch {
    return { name, status: "missing", found: "@duchenne/studio is not installed", remedy: "pages" };
  }
}
