export { ExportError } from "./errors.ts";
export { type Exported, exportModel } from "./exportModel.ts";
export { loadPart, type Part } from "./part.ts";
