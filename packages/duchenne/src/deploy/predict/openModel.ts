/** Opens an exported model in Node. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { loadModel, MODEL_FILES, type Model, ModelError, type ModelFiles } from "@duchenne/predict";
import { describeProviders, type LoadedRuntime, loadRuntime, type Provider } from "@duchenne/predict/node";
import { ConfigError, setting } from "../../lib/errors.ts";
import { announceShippedModel } from "./shippedModel.ts";

const A_MODEL = "a file of a model that `duchenne export` wrote";

/**
 * Opens an exported model with onnxruntime-node, or with WebAssembly if that is not installed.
 * @param given folder of the model; default: that of the installed package @duchenne/model-fer, which the first call names on stderr
 * @param threads of onnxruntime; default: one per processor
 * @param provider what computes; default: the processor. A GPU needs onnxruntime-node
 * @throws ConfigError for a provider that the installed onnxruntime does not offer, or that does not start; ModelError for a file that is missing, damaged or in another format, or if no model is given and none is installed
 */
export async function openModel(given?: string, threads?: number, provider?: Provider): Promise<Model> {
  const folder = given ?? (await announceShippedModel()).folder;
  const [config, preprocessor] = [MODEL_FILES.config, MODEL_FILES.preprocessor].map((name) =>
    readJson(folder, name),
  );
  const onnx = read(folder, MODEL_FILES.onnx);
  const ort = await loadRuntime(threads === undefined ? {} : { threads });
  const session = threads === undefined ? {} : { intraOpNumThreads: threads };
  const files = { config, preprocessor, onnx };
  try {
    if (provider === undefined || provider === "cpu") return await loadModel(files, ort, session);
    return await loadWith(provider, files, ort, session);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new ModelError(join(folder, error.subject), error.expected, error.received, { cause: error });
  }
}

/** @throws ConfigError if the provider is at fault: the processor can load what it cannot */
async function loadWith(
  provider: Provider,
  files: ModelFiles,
  ort: LoadedRuntime,
  session: object,
): Promise<Model> {
  const refuse = (received: string, options?: ErrorOptions) =>
    new ConfigError(
      setting("provider"),
      `a provider of the installed ${ort.kind === "node" ? "onnxruntime-node" : "WebAssembly build"} (${describeProviders(ort.providers)})`,
      received,
      ort.kind === "node"
        ? 'Install its driver and libraries, or use `provider: "cpu"`.'
        : 'Install onnxruntime-node, or use `provider: "cpu"`.',
      options,
    );
  if (!ort.providers.some(({ name }) => name === provider)) throw refuse(provider);
  try {
    return await loadModel(files, ort, { ...session, executionProviders: [provider] });
  } catch (error) {
    const onProcessor = await loadModel(files, ort, session); // throws if the model is at fault
    await onProcessor.dispose();
    const reason = error instanceof ModelError ? error.received : (error as Error).message;
    throw refuse(`${provider}, which does not start here (${reason.trim().split("\n")[0]})`, {
      cause: error,
    });
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
