import { Worker } from "node:worker_threads";

/**
 * Starts a thread on a module beside the caller's, as source where the caller runs from source, else as built.
 * @param callerUrl the caller's `import.meta.url`   @param name of the module, without extension
 * @param workerData what the thread finds under that name
 */
export function startWorkerThread(callerUrl: string, name: string, workerData: unknown): Worker {
  if (!callerUrl.endsWith(".ts")) {
    return new Worker(new URL(`./${name}.js`, callerUrl), { workerData });
  }
  // Run from source (tests, benchmarks) a thread does not inherit the process's TypeScript loader.
  const module = JSON.stringify(new URL(`./${name}.ts`, callerUrl).href);
  const load = `import("tsx/esm/api").then((tsx) => { tsx.register(); return import(${module}); });`;
  return new Worker(load, { eval: true, workerData, execArgv: ["--conditions=source"] });
}
