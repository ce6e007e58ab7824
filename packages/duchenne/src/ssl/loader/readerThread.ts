import type { Worker } from "node:worker_threads";
import { startWorkerThread } from "../../lib/workers.ts";
import type { ViewPlan } from "../views/stepViews.ts";
import type { BatchPlace, Slot } from "./slot.ts";

/** What a thread starts with. */
export interface ReaderStart {
  /** The store's folder. */
  readonly path: string;
  readonly slots: readonly Slot[];
  /** How to make the views of the slots that have room for them. */
  readonly viewPlan?: ViewPlan | undefined;
}

/** A slot to fill, and the batch it is addressed to; or the end. */
export type ReaderRequest = { readonly index: number; readonly place: BatchPlace } | "close";

/** `failure` is absent if the slot is filled. */
export interface ReaderAnswer {
  readonly index: number;
  readonly failure?: string;
}

type Waiting = { resolve: () => void; reject: (error: Error) => void };

/** A thread that fills slots, one after the other. */
export class ReaderThread {
  readonly #worker: Worker;
  readonly #ended: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #death: Error | undefined;

  constructor(start: ReaderStart) {
    this.#worker = startWorkerThread(import.meta.url, "worker", start);
    this.#worker.on("message", (answer: ReaderAnswer) => this.#receive(answer));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#ended = new Promise((resolve) => {
      this.#worker.on("exit", () => {
        this.#fail(new Error("the reading thread has ended"));
        resolve();
      });
    });
  }

  /** Fills a slot. @throws Error with the reason if it cannot, or the thread has ended */
  read(index: number, place: BatchPlace): Promise<void> {
    if (this.#death) return Promise.reject(this.#death);
    return new Promise((resolve, reject) => {
      this.#waiting.set(index, { resolve, reject });
      this.#worker.postMessage({ index, place } satisfies ReaderRequest);
    });
  }

  /** Ends the thread after what it has been asked for. */
  async close(): Promise<void> {
    this.#worker.postMessage("close" satisfies ReaderRequest);
    await this.#ended;
  }

  #receive({ index, failure }: ReaderAnswer): void {
    const { resolve, reject } = this.#waiting.get(index)!;
    this.#waiting.delete(index);
    if (failure === undefined) resolve();
    else reject(new Error(failure));
  }

  #fail(error: Error): void {
    this.#death ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#death);
    this.#waiting.clear();
  }
}
