/** TensorFlow.js inside face-api, on the fastest backend that this browser has. */
import wasmUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simdUrl from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import * as faceapi from "@vladmandic/face-api";

/** What the package's type declarations leave out of its `tf`. */
interface Backends {
  setBackend(name: "webgl" | "wasm"): Promise<boolean>;
  setWasmPaths(paths: Readonly<Record<string, string>>): void;
  env(): { set(flag: string, value: boolean): void };
}

export type Backend = "webgl" | "wasm";

/** @returns the backend in use @throws Error if the browser has neither */
export async function startTensorflow(): Promise<Backend> {
  const tf = faceapi.tf as unknown as Backends;
  // Its threads are started from code in a blob, which the page's content security policy refuses; one is enough, and the
  // third file, which it insists on, is never asked for.
  tf.setWasmPaths({
    "tfjs-backend-wasm.wasm": wasmUrl,
    "tfjs-backend-wasm-simd.wasm": simdUrl,
    "tfjs-backend-wasm-threaded-simd.wasm": simdUrl,
  });
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  const backend = hasGraphicsCard() ? "webgl" : "wasm";
  if (!(await tf.setBackend(backend)))
    throw new Error(
      `mirror: expected a browser that finds faces with ${backend}, received one that does not start it. Open the page in a current Chrome, Edge, Firefox or Safari.`,
    );
  return backend;
}

/** Whether WebGL is drawn by a card: where the processor draws it, WebAssembly is many times faster. */
function hasGraphicsCard(): boolean {
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  if (gl === null) return false;
  const about = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = String(gl.getParameter(about ? about.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return !/swiftshader|llvmpipe|software/i.test(renderer);
}
