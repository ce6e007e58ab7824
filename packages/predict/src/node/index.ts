/**
 * onnxruntime for Node, whichever of its builds is installed.
 * @module
 */

export { loadRuntime, type RuntimeKind, type RuntimeOptions, WASM_FOLDER } from "./loadRuntime.ts";
