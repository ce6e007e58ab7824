// The machine: what libtorch was found, threads, GPUs.
import { availableParallelism } from "node:os";
import { performance } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";
import { ones } from "./creation.ts";
import { operatorError } from "./dispatch.ts";
import { ArgumentError } from "./errors.ts";
import { type BuildRecord, buildRecord, native } from "./native.ts";
import * as ops from "./operators.ts";
import { scope } from "./scope.ts";
import { tape } from "./tape.ts";

/** What a process computes with. */
export interface Info {
  /** libtorch's version, e.g. 1.13.0. */
  version: string;
  /** Where it was found: `LIBTORCH`, a Python's torch, or the system. */
  source: BuildRecord["source"];
  prefix: string;
  threads: number;
  cudaDevices: number;
  /** Speed of a float32 matrix product on one thread of the CPU, in 10^9 multiplications and additions a second. */
  matmulGflops: number;
  /** What slows this libtorch down, and the remedy. */
  warnings: string[];
  /** libtorch's own account of its build. */
  buildConfiguration: string;
}

/** Below this a processor of this century is running a BLAS that does not use its vector units. */
const slowGflopsPerThread = 8;

/** What this process computes with. Takes some 50 ms: it times a matrix product. */
export function info(): Info {
  const { source, prefix } = buildRecord();
  const threads = getThreads();
  const matmulGflops = timeMatmul();
  const warnings: string[] = [];
  if (matmulGflops < slowGflopsPerThread)
    warnings.push(
      `matrix products run at ${matmulGflops.toFixed(0)} GFLOP/s: libtorch is using a slow BLAS; on Debian install libopenblas0-openmp`,
    );
  if (threads < availableParallelism() && isMainThread)
    warnings.push(
      `${threads} of ${availableParallelism()} processors are used: configure({ threads: "all" }), or OMP_NUM_THREADS`,
    );
  return {
    version: native.version(),
    source,
    prefix,
    threads,
    cudaDevices: native.cudaDevices(),
    matmulGflops,
    warnings,
    buildConfiguration: native.buildConfiguration(),
  };
}

/** One thread and a few short products, the best of which counts: a busy machine must not look like a slow BLAS. */
function timeMatmul(): number {
  const n = 256;
  const best = withThreads(1, () =>
    scope(() => {
      const a = ones([n, n]); // nothing drawn: a report must not move the default generator
      const times = Array.from({ length: 8 }, () => {
        const start = performance.now();
        ops.matmul(a, a);
        return performance.now() - start;
      });
      return Math.min(...times);
    }),
  );
  return (2 * n ** 3) / best / 1e6;
}

/** Threads that one operator of this JavaScript thread may use. */
export function getThreads(): number {
  return native.threads();
}

// Some are useful beyond the processors, where others wait; the thousands that a slip asks for would end the process.
const threadsPerProcessor = 16;

/**
 * Sets how many threads one operator may use.
 * @param count from 1 to 16 for each processor
 * @throws ArgumentError for any other
 */
export function setThreads(count: number): void {
  checkThreads("setThreads", "count", count);
  if (!native.setThreads(count)) throw operatorError("setThreads", [count]);
}

/** @throws ArgumentError for a number of threads that libtorch cannot or should not have */
export function checkThreads(where: string, argument: string, count: number): void {
  const most = threadsPerProcessor * availableParallelism();
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new ArgumentError(
      where,
      argument,
      `an integer in [1, ${most}]`,
      String(count),
      "Use the number of cores, or fewer.",
    );
}

/** What a closure returns that may use so many threads; `getThreads` is the same afterwards. */
export function withThreads<T>(count: number, closure: () => T): T {
  const before = getThreads();
  setThreads(count);
  try {
    return closure();
  } finally {
    native.setThreads(before); // unchecked: OMP_NUM_THREADS may have asked for more than setThreads does
  }
}

/** CUDA devices of this machine; 0 also if libtorch was built without CUDA. */
export function cudaDeviceCount(): number {
  return native.cudaDevices();
}

/** Whether libtorch was built with oneDNN, and so knows its layout of tensors, "mkldnn". */
export function hasOneDnn(): boolean {
  return native.hasOneDnn();
}

/**
 * Waits until everything given to a CUDA device is done.
 * @param deviceIndex default: the current one
 * @throws OperatorError without such a device
 */
export function synchronize(deviceIndex = -1): void {
  if (!native.synchronize(deviceIndex)) throw operatorError("synchronize", [deviceIndex]);
}

/** Memory of CPU tensors. */
export interface MemoryUse {
  /** Bytes in CPU tensors now. */
  allocatedBytes: number;
  /** The most there ever were. */
  peakBytes: number;
  /** Ever taken from the system: freed tensors' memory is kept, and `releaseFreeMemory` empties it but does not lower this. */
  reservedBytes: number;
}

/** Memory of the CPU tensors of the whole process; zeros unless `configure({ allocator: "keep" })` was called, and outside Linux. */
export function memoryUse(): MemoryUse {
  native.memoryUse();
  return { allocatedBytes: tape[0]!, peakBytes: tape[1]!, reservedBytes: tape[2]! };
}

/** Gives the memory of freed CPU tensors back to the system, as after the last step of a training. */
export function releaseFreeMemory(): void {
  native.releaseFreeMemory();
}
