/** Exports a model. The modules that do it, and libtorch, are loaded by the first call: who only predicts does without them. */
import type { Part } from "./readPart.ts";
import type { Exported, ExportOptions } from "./writeModel.ts";

/**
 * Writes the folder of a model, after onnxruntime and libtorch have given the same outputs. If the export fails, `out` is unchanged.
 * @param parts from `loadPart`   @param out folder; replaces an earlier export in it
 * @throws ExportError if the parts make no model; ConfigError for an unknown option, or if `out` holds anything else
 */
export async function exportModel(
  parts: readonly Part[],
  out: string,
  options: ExportOptions = {},
): Promise<Exported> {
  const { writeModel } = await import("./writeModel.ts");
  return writeModel(parts, out, options);
}
