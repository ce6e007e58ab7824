import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { InputError, ModelError } from "../errors.ts";
import { refuseUnknown } from "../refuseUnknown.ts";
import type { OrtRuntime } from "../runtime.ts";
import "./globals.ts";
import type { OfferedProvider } from "./providers.ts";

/** How `loadRuntime` chooses. */
export interface RuntimeOptions {
  /**
   * `node`: onnxruntime-node alone; `wasm`: the WebAssembly build that this package brings. By default onnxruntime-node where it
   * is installed, else WebAssembly.
   */
  readonly kind?: RuntimeKind;
  /** Of the WebAssembly build, for the whole process; default: one per processor, 4 at most. onnxruntime-node takes `intraOpNumThreads` instead. */
  readonly threads?: number;
  /** Hears why WebAssembly is used although nobody asked for it. Default: one line on stderr, once in a process. */
  readonly onFallback?: (message: string) => void;
}

/** Native code, or WebAssembly. */
export type RuntimeKind = "node" | "wasm";

const KINDS: readonly string[] = ["node", "wasm"] satisfies RuntimeKind[];

/** More threads do not make WebAssembly faster. */
const MOST_THREADS = 4;

let hasTold = false;
function tellOnce(message: string): void {
  if (!hasTold) process.stderr.write(`${message}\n`);
  hasTold = true;
}

/** onnxruntime, and what it can compute with. */
export interface LoadedRuntime extends OrtRuntime {
  readonly kind: RuntimeKind;
  readonly providers: readonly OfferedProvider[];
}

/**
 * onnxruntime for this process: the package onnxruntime-node if it is installed, otherwise the WebAssembly build that this package brings.
 * @throws InputError for an unknown option or kind; ModelError if the one that `kind` asks for is not there
 */
export async function loadRuntime(options: RuntimeOptions = {}): Promise<LoadedRuntime> {
  refuseUnknown(
    "loadRuntime",
    options,
    Object.keys({ kind: true, threads: true, onFallback: true } satisfies Record<keyof RuntimeOptions, true>),
  );
  if (options.kind !== undefined && !KINDS.includes(options.kind))
    throw new InputError("loadRuntime: kind", KINDS.join(" or "), String(options.kind));
  const { kind, threads, onFallback = tellOnce } = options;
  if (kind === "wasm") return await loadWasm(threads);
  try {
    return await importNative();
  } catch (cause) {
    const reason = isMissing(cause)
      ? "is not installed"
      : `does not load (${(cause as Error).message.split("\n")[0]})`;
    if (kind === "node")
      throw new ModelError("onnxruntime-node", "an installed package", `one that ${reason}`, {
        cause,
        remedy: "Install it with npm install onnxruntime-node, or use WebAssembly.",
      });
    const runtime = await loadWasm(threads);
    onFallback(
      `onnxruntime-node ${reason}: using the WebAssembly build, which is slower. For the faster one: npm install onnxruntime-node`,
    );
    return runtime;
  }
}

async function importNative(): Promise<LoadedRuntime> {
  // A name that bundlers and the compiler do not follow: the package is an optional one.
  const name = "onnxruntime-node";
  const { InferenceSession, Tensor, listSupportedBackends } = (await import(name)) as OrtRuntime & {
    readonly listSupportedBackends: () => readonly OfferedProvider[];
  };
  return { InferenceSession, Tensor, kind: "node", providers: listSupportedBackends() };
}

const isMissing = (error: unknown): boolean =>
  ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes((error as NodeJS.ErrnoException).code ?? "");

/** Folder with the loaders and the one WebAssembly file of onnxruntime-web, also for a browser's. scripts/copyWasm.mjs fills it. */
export const WASM_FOLDER = new URL("../../dist/wasm/", import.meta.url);

/**
 * Path of a file that onnxruntime-web needs for WebGPU in a browser. They are twice as large as WebAssembly's own, and not brought.
 * @returns undefined for another file, or if onnxruntime-web is not installed
 */
export function webGpuFile(name: string): string | undefined {
  if (!/^ort-wasm-simd-threaded\.asyncify\.(mjs|wasm)$/.test(name)) return undefined;
  try {
    return createRequire(import.meta.url).resolve(`onnxruntime-web/${name}`);
  } catch {
    return undefined;
  }
}

const LOADER = new URL("ort.node.min.mjs", WASM_FOLDER);

interface WasmModule extends OrtRuntime {
  readonly env: { readonly wasm: { numThreads?: number } };
}

async function loadWasm(threads?: number): Promise<LoadedRuntime> {
  if (!existsSync(LOADER))
    throw new ModelError("@duchenne/predict", "dist/wasm/ort.node.min.mjs in the package", "no such file", {
      remedy:
        "Install the package again; in a clone, run make build. `npx duchenne doctor` shows what else is missing.",
    });
  const { InferenceSession, Tensor, env } = (await import(LOADER.href)) as WasmModule;
  env.wasm.numThreads = threadsFor(threads);
  return { InferenceSession, Tensor, kind: "wasm", providers: [{ name: "cpu", bundled: true }] };
}

/** Threads of WebAssembly inherit Node's options, and one started from a file refuses `--input-type`. */
function threadsFor(asked: number | undefined): number {
  if (process.execArgv.some((option) => option.startsWith("--input-type"))) return 1;
  return asked ?? Math.min(MOST_THREADS, availableParallelism());
}
