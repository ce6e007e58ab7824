import type { Worker } from "node:worker_threads";
import { startWorkerThread } from "../../lib/workers.ts";
import type { SourcePlan } from "./plan.ts";
import type { Processed } from "./processSource.ts";
import type { PrepareSettings } from "./settings.ts";
import type { UnitReader } from "./unitReader.ts";
import { CLOSE, type WorkerAnswer } from "./workerMessages.ts";

/** Units finished ahead of the oldest unfinished one, per worker: enough to ride out one long video. */
const LOOK_AHEAD = 4;

const ENDED_EARLY =
  "prepare: expected a reading thread that works until the last source, received its end. Run prepare again to continue.";

type Job = {
  unit: SourcePlan[];
  resolve: (processed: Processed[]) => void;
  reject: (error: unknown) => void;
};

/** Threads that read sources side by side. */
export class WorkerPool implements UnitReader {
  readonly #workers: Worker[];
  readonly #ended: Promise<void>[] = [];
  readonly #idle: Worker[] = [];
  readonly #queue: Job[] = [];
  readonly #running = new Map<Worker, Job>();
  readonly #onFrames: (count: number) => void;

  constructor(count: number, settings: PrepareSettings, onFrames: (count: number) => void) {
    this.#onFrames = onFrames;
    this.#workers = Array.from({ length: count }, () => this.#start(settings));
    this.#idle.push(...this.#workers);
  }

  async *inOrder(units: Iterable<SourcePlan[]>, signal?: AbortSignal): AsyncGenerator<Processed[]> {
    const window: Promise<Processed[]>[] = [];
    const interrupted = new Promise<never>((_, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
    interrupted.catch(() => {});
    for (const unit of units) {
      signal?.throwIfAborted();
      window.push(this.#submit(unit));
      if (window.length >= this.#workers.length * LOOK_AHEAD)
        yield await Promise.race([window.shift()!, interrupted]);
    }
    for (const result of window) yield await Promise.race([result, interrupted]);
  }

  /** Asks the threads to end, and waits: a thread that is terminated while FFmpeg decodes can take the process with it. */
  async close(): Promise<void> {
    for (const worker of this.#workers) worker.postMessage(CLOSE);
    await Promise.all(this.#ended);
  }

  #submit(unit: SourcePlan[]): Promise<Processed[]> {
    const result = new Promise<Processed[]>((resolve, reject) => this.#queue.push({ unit, resolve, reject }));
    // Whoever waits for it sees the failure; until then it must not end the process.
    result.catch(() => {});
    this.#dispatch();
    return result;
  }

  #dispatch(): void {
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const [worker, job] = [this.#idle.shift()!, this.#queue.shift()!];
      this.#running.set(worker, job);
      worker.postMessage(job.unit);
    }
  }

  #start(settings: PrepareSettings): Worker {
    const worker = startWorkerThread(import.meta.url, "worker", settings);
    worker.on("message", (answer: WorkerAnswer) => this.#receive(worker, answer));
    this.#ended.push(new Promise((resolve) => worker.once("exit", () => resolve())));
    worker.on("error", (error) => this.#fail(worker, error));
    worker.on("exit", () => this.#fail(worker, new Error(ENDED_EARLY)));
    return worker;
  }

  /** An ended thread answers neither for its unit nor for those that wait for it. */
  #fail(worker: Worker, error: Error): void {
    for (const job of [this.#running.get(worker), ...this.#queue.splice(0)]) job?.reject(error);
  }

  #receive(worker: Worker, answer: WorkerAnswer): void {
    if (answer.kind === "frames") return this.#onFrames(answer.count);
    const job = this.#running.get(worker)!;
    this.#running.delete(worker);
    this.#idle.push(worker);
    if (answer.kind === "done") job.resolve(answer.processed);
    else job.reject(answer.error);
    this.#dispatch();
  }
}
