import { ModelError } from "./errors.ts";
import type { OrtRuntime } from "./runtime.ts";

const FILES = ["ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"] as const;

const REMEDY =
  "Have the server answer with the files ort-wasm-simd-threaded.mjs and .wasm of onnxruntime-web's folder dist, and set " +
  "ort.env.wasm.wasmPaths to the address of that folder, with a slash at its end.";

/** What onnxruntime-web says, in its own words or the browser's, if its own files cannot be loaded. */
const NO_BACKEND = /no available backend found|dynamically imported module/;
const NO_WASM = /expected magic word/;
/** "<", the first letter of a page, where a WebAssembly file begins with 0. */
const FOUND_HTML = /found 3c\b/;

/**
 * The reason why onnxruntime-web could not start: the server has no such file, or answers with a page, as those of single-page
 * applications do for any path.
 * @param received message of onnxruntime   @returns undefined if it is not about WebAssembly's files
 */
export async function wasmFault(
  received: string,
  ort: OrtRuntime,
  cause: unknown,
): Promise<ModelError | undefined> {
  if (!NO_BACKEND.test(received) && !NO_WASM.test(received)) return undefined;
  for (const address of addresses((ort.env?.wasm as { wasmPaths?: unknown } | undefined)?.wasmPaths)) {
    const wrong = await whatIsWrong(address);
    if (wrong !== undefined)
      return new ModelError(address, "a file of onnxruntime-web", wrong, { cause, remedy: REMEDY });
  }
  const reason = FOUND_HTML.test(received) ? A_PAGE : received;
  return new ModelError("onnxruntime-web", "its WebAssembly files", reason, { cause, remedy: REMEDY });
}

const A_PAGE = "a page of HTML";

function addresses(paths: unknown): string[] {
  if (typeof paths === "string") return FILES.map((file) => absolute(paths + file));
  if (typeof paths !== "object" || paths === null) return [];
  return Object.values(paths).flatMap((path) =>
    typeof path === "string" || path instanceof URL ? [absolute(String(path))] : [],
  );
}

function absolute(address: string): string {
  const base = (globalThis as { location?: { href: string } }).location?.href;
  return URL.canParse(address, base) ? new URL(address, base).href : address;
}

/** Asks the server once more, for onnxruntime does not say what it was answered. */
async function whatIsWrong(address: string): Promise<string | undefined> {
  if (!/^https?:/.test(address)) return undefined;
  try {
    const response = await fetch(address);
    if (!response.ok) return `${response.status} ${response.statusText}`.trim();
    const body = new Uint8Array(await response.arrayBuffer());
    return isHtml(body) || /text\/html/.test(response.headers.get("content-type") ?? "") ? A_PAGE : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Whether bytes begin as a page does. */
export function isHtml(bytes: Uint8Array): boolean {
  return /^\s*<(!doctype|html|head|body|\?xml|!--)/i.test(new TextDecoder().decode(bytes.subarray(0, 100)));
}
