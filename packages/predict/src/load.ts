import { parseConfig } from "./config.ts";
import { ModelError } from "./errors.ts";
import { Model } from "./model.ts";
import { parsePreprocessor } from "./preprocessor.ts";
import type { OrtRuntime, Session, SessionOptions } from "./runtime.ts";

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
 * @param ort the module `onnxruntime-node` or `onnxruntime-web`
 * @param session the runtime's own options, such as `executionProviders` or `intraOpNumThreads`
 * @throws ModelError naming the file and field at fault
 */
export async function loadModel(
  files: ModelFiles,
  ort: OrtRuntime,
  session: SessionOptions = {},
): Promise<Model> {
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
  if (typeof onnx !== "string" && isPage(onnx))
    throw new ModelError(MODEL_FILES.onnx, "an ONNX model", A_PAGE, { remedy: CHECK_URL });
  try {
    return await (typeof onnx === "string"
      ? ort.InferenceSession.create(onnx, options)
      : ort.InferenceSession.create(onnx, options));
  } catch (cause) {
    const received = cause instanceof Error ? cause.message : String(cause);
    // The runtime itself did not load: the model is not at fault.
    if (RUNTIME_FAULT.test(received))
      throw new ModelError("onnxruntime-web", "its .wasm files beside the page", oneLine(received), {
        cause,
        remedy: SERVE_WASM,
      });
    throw new ModelError(MODEL_FILES.onnx, "an ONNX model that onnxruntime reads", oneLine(received), {
      cause,
    });
  }
}

const RUNTIME_FAULT = /no available backend|magic word|WebAssembly|CompileError|\.wasm\b/i;
const SERVE_WASM =
  "Serve the .wasm and .mjs files of onnxruntime-web's dist folder, and name their address in ort.env.wasm.wasmPaths; a server that " +
  "answers with a page for a missing file looks as if they were there.";
const A_PAGE = "an HTML page, with which some servers answer for a file that is not there";

const oneLine = (text: string): string => text.split("\n")[0]!;

/** Whether a file is a web page. */
function isPage(bytes: Uint8Array): boolean {
  const start = new TextDecoder().decode(bytes.subarray(0, 256));
  return /^\uFEFF?\s*<(?:!doctype|html|head|\?xml)/i.test(start);
}

/** JSON of a model's file. @throws ModelError for a web page, or another text */
function parseJson(place: string, bytes: Uint8Array): unknown {
  if (isPage(bytes)) throw new ModelError(place, "JSON", A_PAGE, { remedy: CHECK_URL });
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    const cause = error as Error;
    throw new ModelError(place, "JSON", cause.message, { cause, remedy: CHECK_URL });
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
    fetchFile(address(MODEL_FILES.onnx)).then(
      async (response) => new Uint8Array(await response.arrayBuffer()),
    ),
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

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetchFile(url);
  return parseJson(url, new Uint8Array(await response.arrayBuffer()));
}
