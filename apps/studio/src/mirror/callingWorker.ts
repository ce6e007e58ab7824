/** The page's side of a worker that answers calls; `answerCalls` is the other side. */

/** What the worker is sent. */
export interface Call<Request> {
  readonly call: number;
  readonly request: Request;
}

/** What it sends back. */
export type Answered<Answer> =
  | { readonly call: number; readonly answer: Answer }
  | { readonly call: number; readonly failed: string };

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** A worker that is called like a function. */
export class CallingWorker<Request, Answer> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting<Answer>>();
  #calls = 0;

  /** @param name of the worker, for its failures: "model" */
  constructor(name: string, worker: Worker) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }: MessageEvent<Answered<Answer>>) => this.#take(data));
    worker.addEventListener("error", ({ message }) => {
      // One that the browser does not start tells no reason.
      const received = message ? `its failure (${message})` : "none from the browser";
      const error = new Error(
        `${name}: expected an answer of its worker, received ${received}. Reload the page, or close other pages if memory is short.`,
      );
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
  }

  /**
   * Asks the worker.
   * @param transfer what goes to the worker, and is of no use here afterwards
   * @throws Error if the worker fails, or does not start
   */
  call<One extends Answer = Answer>(request: Request, transfer: Transferable[] = []): Promise<One> {
    const call = this.#calls++;
    return new Promise<One>((resolve, reject) => {
      this.#waiting.set(call, { resolve: resolve as (answer: Answer) => void, reject });
      this.#worker.postMessage({ call, request } satisfies Call<Request>, transfer);
    });
  }

  /** Ends the worker and frees its memory: what is waited for never comes. */
  terminate(): void {
    this.#worker.terminate();
    this.#waiting.clear();
  }

  #take(answered: Answered<Answer>): void {
    const waiting = this.#waiting.get(answered.call);
    this.#waiting.delete(answered.call);
    if ("failed" in answered) waiting?.reject(new Error(answered.failed));
    else waiting?.resolve(answered.answer);
  }
}
