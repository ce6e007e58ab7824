// The settings of the process that libtorch's speed depends on, in one place. Importing the package sets none of them.
import { availableParallelism } from "node:os";
import { getEnvironmentData, isMainThread, setEnvironmentData } from "node:worker_threads";
import { checkThreads, getThreads, setThreads } from "./device.ts";
import { ArgumentError, refuseUnknown } from "./errors.ts";
import { isLoaded, native, whenLoaded } from "./native.ts";
import { operator } from "./operator.ts";

const setCudnn = operator("duchenne::set_cudnn(bool benchmark, bool deterministic) -> ()");

/** Settings of the process; what is left out stays as it is. */
export interface Configuration {
  /**
   * Threads that one operator may use, from 1 to 16 for each processor. `all`: one for each processor, or as many as the
   * environment variable OMP_NUM_THREADS says. Of this JavaScript thread; other ones start with the number last set anywhere.
   */
  threads?: number | "all";
  /**
   * `keep`: memory of freed tensors is kept for the next ones (Linux). `system`, libtorch's own way: it goes back to malloc.
   * Of the process, before the first tensor of any thread; threads started later ask for the same.
   */
  allocator?: "keep" | "system";
  /**
   * Operators take numbers below float's normal range (1.2e-38) for 0 (x86). JavaScript's own arithmetic keeps them. Of this
   * JavaScript thread, before its first tensor; other ones start with what was last set anywhere, or here before them.
   */
  flushDenormals?: boolean;
  /**
   * How often libgomp's idle threads look for work before they sleep. The environment variables GOMP_SPINCOUNT and
   * OMP_WAIT_POLICY come first. Only before libtorch is loaded, and only from the main thread: libgomp reads it once.
   */
  spinCount?: number;
  /**
   * `benchmark`: cuDNN times its algorithms for each shape and takes the fastest, so that two runs may differ in rounding.
   * `deterministic`: cuDNN takes algorithms whose result is always the same. Of the process, at any time; without effect on the CPU.
   */
  cudnn?: "benchmark" | "deterministic";
}

/** What training and other long computations want; README.md says what each is worth. */
export const FAST = {
  threads: "all",
  allocator: "keep",
  flushDenormals: true,
  spinCount: 1000,
  cudnn: "benchmark",
} as const satisfies Configuration;

// What a thread finds that was started after `configure`: the first to load libtorch settles the allocator for all.
const INHERITED = "@duchenne/torch";
let waiting: Configuration = isMainThread ? {} : ((getEnvironmentData(INHERITED) ?? {}) as Configuration);

/**
 * Sets how this process computes. Call it at the start of a program: it loads nothing, and its settings hold from the first
 * tensor on.
 *
 *     configure(FAST);
 *     configure({ ...FAST, threads: 4 });
 *
 * @throws ArgumentError for a value that is none, and, setting nothing, for one that comes too late to take effect
 */
export function configure(configuration: Configuration): void {
  refuseUnknown("configure", configuration, ["threads", "allocator", "flushDenormals", "spinCount", "cudnn"]);
  checkValues(configuration);
  if (isLoaded()) refuseLate(configuration);
  if (configuration.spinCount !== undefined) setSpinCount(configuration.spinCount);
  const { threads: _, spinCount: __, ...shared } = configuration;
  setEnvironmentData(INHERITED, { ...(getEnvironmentData(INHERITED) as Configuration), ...shared });
  if (isLoaded()) applyAtAnyTime(configuration);
  else waiting = { ...waiting, ...configuration };
}

whenLoaded(() => apply(waiting));

function apply(configuration: Configuration): void {
  const { allocator, flushDenormals } = configuration;
  const isAsAsked = native.settleAllocator(allocator === "keep");
  if (allocator !== undefined && !isAsAsked) throw tooLate("allocator", allocator);
  if (flushDenormals !== undefined) native.setFlushDenormals(flushDenormals);
  applyAtAnyTime(configuration);
}

function applyAtAnyTime({ threads, cudnn }: Configuration): void {
  if (cudnn !== undefined) setCudnn(cudnn === "benchmark", cudnn === "deterministic");
  if (threads === "all") useAllProcessors();
  else if (threads !== undefined) setThreads(threads);
}

// libtorch may start with one thread although there are more processors.
function useAllProcessors(): void {
  if (!process.env.OMP_NUM_THREADS && getThreads() !== availableParallelism())
    setThreads(availableParallelism());
}

function checkValues({ threads, allocator, flushDenormals, spinCount, cudnn }: Configuration): void {
  if (threads !== undefined && threads !== "all") checkThreads("configure", "threads", threads);
  const refuse = (name: string, expected: string, received: unknown) => {
    throw new ArgumentError(
      "configure",
      name,
      expected,
      String(received),
      `Pass ${expected}, or leave it out.`,
    );
  };
  if (allocator !== undefined && !["keep", "system"].includes(allocator))
    refuse("allocator", "keep or system", allocator);
  if (flushDenormals !== undefined && typeof flushDenormals !== "boolean")
    refuse("flushDenormals", "true or false", flushDenormals);
  if (spinCount !== undefined && !(Number.isSafeInteger(spinCount) && spinCount >= 0))
    refuse("spinCount", "an integer from 0", spinCount);
  if (cudnn !== undefined && !["benchmark", "deterministic"].includes(cudnn))
    refuse("cudnn", "benchmark or deterministic", cudnn);
}

function refuseLate({ allocator, flushDenormals, spinCount }: Configuration): void {
  if (flushDenormals !== undefined && flushDenormals !== native.flushesDenormals())
    throw tooLate("flushDenormals", flushDenormals);
  if (allocator !== undefined && !native.settleAllocator(allocator === "keep"))
    throw tooLate("allocator", allocator);
  if (spinCount !== undefined && !isSpinCountSet(spinCount)) throw tooLate("spinCount", spinCount);
}

function tooLate(name: string, value: unknown): ArgumentError {
  return new ArgumentError(
    "configure",
    name,
    "a call before libtorch is loaded, that is before the first tensor",
    `${value} after it`,
    "Call `configure` where the program starts.",
  );
}

let ownSpinCount: string | undefined;

/** Whether nothing is left to set: it is set already, or by the user, whose setting comes first. */
function isSpinCountSet(spinCount: number): boolean {
  const { OMP_WAIT_POLICY, GOMP_SPINCOUNT } = process.env;
  if (OMP_WAIT_POLICY !== undefined) return true;
  if (GOMP_SPINCOUNT === ownSpinCount) return GOMP_SPINCOUNT === String(spinCount);
  return GOMP_SPINCOUNT !== undefined;
}

function setSpinCount(spinCount: number): void {
  if (isSpinCountSet(spinCount)) return;
  // A worker's process.env is a copy that libgomp does not see.
  if (!isMainThread) throw tooLate("spinCount", `${spinCount} in a worker thread`);
  ownSpinCount = String(spinCount);
  process.env.GOMP_SPINCOUNT = ownSpinCount;
}
