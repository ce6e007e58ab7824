/** In which precisions a model's weights are stored. */
import { MODEL_FILES } from "@duchenne/predict";
import type { Precision } from "./onnx/proto.ts";

/** Precision of the weights in `onnx/model.onnx`. */
export type ExportPrecision = "float" | "half";

/** The ONNX files of a model, and the precision of the weights in each. The computation is always in float32. */
export const ONNX_FILES: Readonly<
  Record<ExportPrecision, readonly (readonly [file: string, precision: Precision])[]>
> = {
  float: [
    [MODEL_FILES.onnx, "float32"],
    [MODEL_FILES.onnxHalf, "float16"],
  ],
  half: [[MODEL_FILES.onnx, "float16"]],
};
