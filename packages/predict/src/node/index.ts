/**
 * onnxruntime for Node, whichever of its builds is installed.
 * @module
 */

export {
  type LoadedRuntime,
  loadRuntime,
  type RuntimeKind,
  type RuntimeOptions,
  WASM_FOLDER,
  webGpuFile,
} from "./loadRuntime.ts";
export { describeProviders, type OfferedProvider, PROVIDERS, type Provider } from "./providers.ts";
