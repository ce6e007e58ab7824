export { type Exported, type ExportOptions, exportModel } from "./exportModel.ts";
export { ExportError } from "./onnx/errors.ts";
export { loadPart, type Part } from "./part.ts";
export type { ExportPrecision } from "./precision.ts";
