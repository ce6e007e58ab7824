export { exportModel } from "./exportModel.ts";
export { ExportError } from "./onnx/errors.ts";
export { loadPart } from "./part.ts";
export type { ExportPrecision } from "./precision.ts";
export type { Part } from "./readPart.ts";
export type { Exported, ExportOptions } from "./writeModel.ts";
