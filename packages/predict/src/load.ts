import { parseConfig } from "./config.ts";
import { ModelError } from "./errors.ts";
import { Model } from "./model.ts";
import { parsePreprocessor } from "./preprocessor.ts";
import { refuseUnknown } from "./refuseUnknown.ts";
import type { OrtRuntime, Session, SessionOptions } from "./runtime.ts";
import { isHtml, wasmFault } from "./wasmFault.ts";

/** Names in a model's folder. */
export const MODEL_FILES = {
  config: "config.json",
  preprocessor: "preprocessor_config.json",
  onnx: "onnx/model.onnx",
  onnxHalf: "onnx/model_fp16.onnx",
} as const;

/** What is in the folder that `duchenne export` writes. */
export interface ModelFiles {
  /** config.json and preprocessor_config.json, parsed as JSON. */
  readonly config: unknown;
  readonly preprocessor: unknown;
  /** Bytes of onnx/model.onnx, or a path or address that the runtime reads itself. */
  readonly onnx: Uint8Array | string;
}

/**
 * Loads a model.
 * @param ort the module `onnxruntime-node` or `onnxruntime-web/wasm`, or what `loadRuntime` of `@duchenne/predict/node` returns
 * @param session the runtime's own options, such as `executionProviders` or `intraOpNumThreads`
 * @throws InputError for an unknown key of `files`; ModelError naming the file and field at fault
 */
export async function loadModel(
  files: ModelFiles,
  ort: OrtRuntime,
  session: SessionOptions = {},
): Promise<Model> {
  refuseUnknown("loadModel", files, ["config", "preprocessor", "onnx"] satisfies (keyof ModelFiles)[]);
  const config = parseConfig(files.config);
  const preprocessor = parsePreprocessor(files.preprocessor);
  const opened = await open(files.onnx, ort, session);
  try {
    return new Model(config, preprocessor, opened, ort);
  } catch (error) {
    await opened.release();
    throw error;
  }
}

async function open(onnx: Uint8Array | string, ort: OrtRuntime, options: SessionOptions): Promise<Session> {
  if (typeof onnx !== "string") refuseHtml(MODEL_FILES.onnx, onnx);
  try {
    return await (typeof onnx === "string"
      ? ort.InferenceSession.create(onnx, options)
      : ort.InferenceSession.create(onnx, options));
  } catch (cause) {
    const received = cause instanceof Error ? cause.message : String(cause);
    const fault = await wasmFault(received, ort, cause);
    if (fault !== undefined) throw fault;
    throw new ModelError(MODEL_FILES.onnx, "an ONNX model that onnxruntime reads", received, { cause });
  }
}

/**
 * Fetches a model from a web server, and loads it.
 * @param baseUrl address of the folder; in a browser it may be relative to the page
 * @throws ModelError if a file is missing or is not what it should be
 */
export async function fetchModel(
  baseUrl: string,
  ort: OrtRuntime,
  session: SessionOptions = {},
): Promise<Model> {
  const address = (file: string) => `${baseUrl.replace(/\/+$/, "")}/${file}`;
  const [config, preprocessor, onnx] = await Promise.all([
    fetchJson(address(MODEL_FILES.config)),
    fetchJson(address(MODEL_FILES.preprocessor)),
    fetchBytes(address(MODEL_FILES.onnx)),
  ]);
  return loadModel({ config, preprocessor, onnx }, ort, session);
}

const CHECK_URL = "Check the address of the model's folder.";

async function fetchFile(url: string): Promise<Response> {
  const response = await fetch(url).catch((cause: Error) => {
    throw new ModelError(url, "a file of a model", cause.message, { cause, remedy: CHECK_URL });
  });
  if (response.ok) return response;
  throw new ModelError(url, "a file of a model", `${response.status} ${response.statusText}`.trim(), {
    remedy: CHECK_URL,
  });
}

/** Servers of single-page applications answer with a page for files that they do not have. */
function refuseHtml(place: string, bytes: Uint8Array): void {
  if (isHtml(bytes))
    throw new ModelError(
      place,
      "a file of a model",
      "a page of HTML, with which some servers answer for a file that they do not have",
      { remedy: CHECK_URL },
    );
}

async function fetchBytes(url: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(await (await fetchFile(url)).arrayBuffer());
  refuseHtml(url, bytes);
  return bytes;
}

async function fetchJson(url: string): Promise<unknown> {
  const bytes = await fetchBytes(url);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new ModelError(url, "JSON", (cause as Error).message, { cause, remedy: CHECK_URL });
  }
}
