/** Threads and processes that run a module in the caller's folder. */
import { type ChildProcess, type ForkOptions, fork } from "node:child_process";
import { Worker } from "node:worker_threads";

const isSource = (callerUrl: string): boolean => callerUrl.endsWith(".ts");

/** URL of a module in the caller's folder: the source if the caller runs from source, else the built file. */
export const moduleBeside = (callerUrl: string, name: string): URL =>
  new URL(`./${name}.${isSource(callerUrl) ? "ts" : "js"}`, callerUrl);

/**
 * Starts a thread.
 * @param callerUrl the caller's `import.meta.url`   @param name of the module, without extension
 * @param workerData what the thread finds under that name
 */
export function startWorkerThread(callerUrl: string, name: string, workerData: unknown): Worker {
  const url = moduleBeside(callerUrl, name);
  if (!isSource(callerUrl)) return new Worker(url, { workerData });
  // Run from source (tests, benchmarks) a thread does not inherit the process's TypeScript loader.
  const load = `import("tsx/esm/api").then((tsx) => { tsx.register(); return import(${JSON.stringify(url.href)}); });`;
  return new Worker(load, { eval: true, workerData, execArgv: ["--conditions=source"] });
}

/**
 * Starts a process that communicates by messages.
 * @param callerUrl the caller's `import.meta.url`   @param name of the module, without extension
 */
export function startWorkerProcess(callerUrl: string, name: string, options: ForkOptions = {}): ChildProcess {
  // --input-type belongs to a program given on the command line, not to a module.
  const execArgv = process.execArgv.filter((argument) => !argument.startsWith("--input-type"));
  return fork(moduleBeside(callerUrl, name), { execArgv, ...options });
}
