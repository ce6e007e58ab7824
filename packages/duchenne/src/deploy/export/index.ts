export { type Exported, exportModel } from "./exportModel.ts";
export { ExportError } from "./onnx/errors.ts";
export { loadPart, type Part } from "./part.ts";
