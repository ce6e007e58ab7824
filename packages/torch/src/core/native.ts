// The addon, typed. Nothing outside src/ sees these names: slots and codes become Tensors and strings above this file.
import { AddonError, type BuiltAddon, findAddon, openAddon, whyNoneFits } from "@duchenne/addon";
import { torchAddon } from "../../scripts/addon.mjs";
import { LoadError } from "./errors.ts";

/** What native/binding.cc exports; each function is described there. */
export interface Native {
  setTape(tape: Float64Array): void;
  call(operator: number, tapeLength: number, argumentCount: number): number;
  results(): number;
  lastError(): NativeError;
  intern(text: string): number;
  findOperator(name: string, overload: string): number;
  operatorNames(): string[];
  schema(name: string, overload: string): string;
  fromBytes(view: ArrayBufferView, dtype: number, dimensions: number): number;
  fromShared(view: ArrayBufferView, dtype: number, dimensions: number): number;
  toBytes(slot: number, view: ArrayBufferView): boolean;
  describe(slot: number): number;
  isContiguous(slot: number, memoryFormat: string): number;
  guard(object: object, slot: number): void;
  release(slot: number): void;
  releaseMany(count: number): void;
  liveTensors(): number;
  grad(slot: number): number;
  setGrad(slot: number, gradient: number): boolean;
  gradients(
    outputs: number,
    inputs: number,
    retainGraph: boolean,
    createGraph: boolean,
    allowUnused: boolean,
  ): boolean;
  setGradEnabled(enabled: boolean): boolean;
  gradEnabled(): boolean;
  setAutocast(deviceType: number, enabled: boolean, dtype: number): boolean;
  enterAutocast(): void;
  leaveAutocast(): void;
  newGenerator(device: string, seed: number | bigint): number;
  defaultGenerator(device: string): number;
  seedGenerator(id: number, seed: number | bigint): boolean;
  generatorState(id: number): number;
  setGeneratorState(id: number, slot: number): boolean;
  releaseGenerator(id: number): void;
  setFlushDenormals(flush: boolean): void;
  flushesDenormals(): boolean;
  settleAllocator(keep: boolean): boolean;
  threads(): number;
  setThreads(count: number): boolean;
  cudaDevices(): number;
  hasOneDnn(): boolean;
  synchronize(deviceIndex: number): boolean;
  memoryUse(): void;
  releaseFreeMemory(): void;
  version(): string;
  buildConfiguration(): string;
  dtypeFromName(name: string): number;
  dtypeName(dtype: number): string;
  deviceTypeFromName(name: string): number;
  deviceTypeName(deviceType: number): string;
}

/** The kinds of native/engine.h's ErrorKind. */
export const ErrorKind = {
  argument: 1,
  operator: 2,
  index: 3,
  notImplemented: 4,
  outOfMemory: 5,
  unsupportedType: 6,
} as const;

/** The last failure of the addon; which fields are filled its kind says. */
export interface NativeError {
  kind: number;
  message: string;
  argument: string;
  expected: string;
  received: string;
}

/** What the addon was built against, as its build recorded it. */
export interface BuildRecord {
  source: "LIBTORCH" | "python" | "system";
  prefix: string;
  version: string;
  cuda: boolean;
}

let built: BuiltAddon | undefined;
let failure: LoadError | undefined;

/**
 * Debian's libtorch 2 loads Open MPI, and with it UCX, which patches functions of the C library while other threads run them, and tries its patches:
 * it grows the heap by a page and then shrinks it by one, whether it could grow or not. Node's memory for machine code often begins right where
 * the heap ends; the heap then loses a page that is in use, and the process ends by SIGSEGV. Nothing here needs these patches.
 * @internal
 */
export function withoutMemoryHooks<T>(loading: () => T): T {
  const { UCX_MEM_EVENTS: chosen } = process.env;
  process.env.UCX_MEM_EVENTS = chosen ?? "n";
  try {
    return loading();
  } finally {
    if (chosen === undefined) delete process.env.UCX_MEM_EVENTS;
  }
}

/** Opens the build that fits this Node and libtorch; builds it first if there is none. A failure is final: each try takes long. */
function open(): Native {
  if (failure) throw failure;
  try {
    const opened = withoutMemoryHooks(() => openAddon(torchAddon));
    built = opened.built;
    // A copy, because V8 looks names of the addon's own object up in a hash table and calls its functions the slow way.
    return { ...(opened.exports as Native) };
  } catch (cause) {
    if (!(cause instanceof AddonError)) throw cause;
    failure = new LoadError(cause.message, { cause });
    throw failure;
  }
}

const hooks: (() => void)[] = [];
let loaded = false;

/** Whether this thread has loaded the addon. */
export function isLoaded(): boolean {
  return loaded;
}

/** Runs a function each time the addon has just been loaded, before anything is computed: once, or never. */
export function whenLoaded(hook: () => void): void {
  hooks.push(hook);
}

function load(): Native {
  native = open();
  loaded = true;
  for (const hook of hooks) hook();
  return native;
}

/** What the addon was built against. @throws LoadError if it has not been built */
export function buildRecord(): BuildRecord {
  built ??= findAddon(torchAddon);
  if (built === undefined)
    throw new LoadError(
      `${torchAddon.title}: expected a build for this Node.js and libtorch, received none: ${whyNoneFits(torchAddon)}. Make a tensor, as \`zeros([1])\`: the first use builds it.`,
    );
  return built.record as unknown as BuildRecord;
}

/**
 * The addon. Its first use loads it, and libtorch with it, and builds it where that was not done; from then on this is the addon itself, so that a call pays nothing
 * for the wait.
 */
export let native: Native = new Proxy({} as Native, {
  get: (_, name) => Reflect.get(load(), name),
});
