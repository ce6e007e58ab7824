/** Loads a part of a model. The modules that do it, and libtorch, are loaded by the first call. */
import type { LoadBackboneOptions } from "../../ssl/run/loadBackbone.ts";
import type { Part } from "./readPart.ts";

/**
 * Loads a saved probe, or a backbone: a run, a checkpoint or a weights file.
 * @param options of a backbone, as `loadBackbone` takes them; of a saved probe, only `backbone` is used
 * @throws ProbeError, CheckpointError or ExportError if there is none, or it is damaged
 */
export async function loadPart(from: string, options: LoadBackboneOptions = {}): Promise<Part> {
  const { readPart } = await import("./readPart.ts");
  return readPart(from, options);
}
