// Between files and modules: bytes to tensors and back.
import { tensorFromBytes } from "./core/data.ts";
import { scope } from "./core/scope.ts";
import type { Tensor } from "./core/tensor.ts";
import type { LoadOptions, LoadReport, Module } from "./nn/module.ts";
import { readWeights } from "./weights/readWeights.ts";
import { writeSafetensors } from "./weights/safetensorsWriter.ts";
import type { StateDict, TensorData } from "./weights/tensorData.ts";

/**
 * Loads a weights file into a module.
 *
 *     loadWeights(resnet, "resnet50-0676ba61.pth");
 *     loadWeights(resnet, "checkpoint_0410.pth.tar", { strict: false, rename: [["backbone.", ""]] });
 *
 * @returns the names that did not fit: all empty if `strict`, the default
 * @throws WeightsError; StateDictError, changing nothing, if strict and a name or shape does not fit
 */
export function loadWeights(
  module: Pick<Module, "loadStateDict">,
  path: string,
  options: LoadOptions = {},
): LoadReport {
  const data = readWeights(path);
  return scope(() => module.loadStateDict(tensorsOf(data), options));
}

/** A file's tensors as tensors of the engine, on the CPU. */
export function tensorsOf(data: StateDict): Map<string, Tensor> {
  return new Map(
    [...data].map(([name, { bytes, shape, dtype }]) => [name, tensorFromBytes(bytes, shape, dtype)]),
  );
}

/**
 * Writes tensors as safetensors, atomically: the file is the old one or the whole new one, whatever happens.
 * @param tensors by name, on any device   @param metadata text to keep beside them
 */
export function saveWeights(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): void {
  const data = new Map<string, TensorData>();
  for (const [name, tensor] of tensors) {
    const values = tensor.toTypedArray();
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    data.set(name, { dtype: tensor.dtype, shape: tensor.shape, bytes });
  }
  writeSafetensors(path, data, metadata);
}
