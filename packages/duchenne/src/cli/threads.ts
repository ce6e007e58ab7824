import { availableParallelism } from "node:os";

/**
 * Lowers OMP_NUM_THREADS to the number of processors: with more threads, each operator takes longer, and with thousands libgomp ends
 * the process. Call it before libtorch is loaded.
 * @returns a notice for the user, if it was lowered
 */
export function clampThreads(
  environment: NodeJS.ProcessEnv = process.env,
  processors: number = availableParallelism(),
): string | undefined {
  // Of a list, the first number is that of the outermost loops, the only ones there are.
  const [wanted = ""] = (environment.OMP_NUM_THREADS ?? "").split(",");
  if (!/^\s*\d+\s*$/.test(wanted) || Number(wanted) <= processors) return undefined;
  environment.OMP_NUM_THREADS = String(processors);
  return `OMP_NUM_THREADS is ${wanted.trim()}, and there are ${processors} processors: using ${processors} threads`;
}
