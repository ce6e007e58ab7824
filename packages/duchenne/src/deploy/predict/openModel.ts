/** Opens an exported model in Node. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadModel, MODEL_FILES, type Model, ModelError } from "@duchenne/predict";
import { loadRuntime } from "@duchenne/predict/node";
import { announceShippedModel } from "./shippedModel.ts";

const A_MODEL = "a file of a model that `duchenne export` wrote";

/**
 * Opens an exported model with onnxruntime-node, or with WebAssembly where that is not installed.
 * @param given folder of the model; default: that of the installed package @duchenne/model-fer, which the first call names on stderr
 * @param threads of onnxruntime; default: one per processor
 * @throws ModelError for a file that is missing, damaged or in another format, or if no model is given and none is installed
 */
export async function openModel(given?: string, threads?: number): Promise<Model> {
  const folder = given ?? (await announceShippedModel()).folder;
  const [config, preprocessor] = [MODEL_FILES.config, MODEL_FILES.preprocessor].map((name) =>
    readJson(folder, name),
  );
  const onnx = read(folder, MODEL_FILES.onnx);
  const ort = await loadRuntime(threads === undefined ? {} : { threads });
  try {
    const session = threads === undefined ? {} : { intraOpNumThreads: threads };
    return await loadModel({ config, preprocessor, onnx }, ort, session);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new ModelError(join(folder, error.subject), error.expected, error.received, { cause: error });
  }
}

function read(folder: string, name: string): Buffer {
  const file = join(folder, name);
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new ModelError(file, A_MODEL, code === "ENOENT" ? "no such file" : message, { cause });
  }
}

function readJson(folder: string, name: string): unknown {
  const text = read(folder, name).toString();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ModelError(join(folder, name), "JSON", (cause as Error).message, { cause });
  }
}
