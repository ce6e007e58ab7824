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
  /** Why no call is answered any more. */
  #end: Error | undefined;

  readonly #name: string;

  /** @param name of the worker, for its failures: "model" */
  constructor(name: string, worker: Worker) {
    this.#name = name;
    this.#worker = worker;
    worker.addEventListener("message", ({ data }: MessageEvent<Answered<Answer>>) => this.#take(data));
    worker.addEventListener("error", ({ message }) => {
      // One that the browser does not start tells no reason.
      const received = message ? `its failure (${message})` : "none from the browser";
      const error = new Error(
        `${name}: expected an answer of its worker, received ${received}. Reload the page, or close other pages if memory is short.`,
      );
      this.#endWith(error);
    });
  }

  /**
   * Asks the worker.
   * @param transfer what goes to the worker, and is of no use here afterwards
   * @throws Error if the worker fails, does not start, or has ended
   */
  call<One extends Answer = Answer>(request: Request, transfer: Transferable[] = []): Promise<One> {
    if (this.#end) return Promise.reject(this.#end);
    const call = this.#calls++;
    return new Promise<One>((resolve, reject) => {
      // What cannot be sent is not waited for.
      this.#worker.postMessage({ call, request } satisfies Call<Request>, transfer);
      this.#waiting.set(call, { resolve: resolve as (answer: Answer) => void, reject });
    });
  }

  /** Ends the worker and frees its memory: what is waited for fails. */
  terminate(): void {
    this.#endWith(
      new Error(
        `${this.#name}: expected a worker that runs, received one that was ended. Open the source again.`,
      ),
    );
  }

  /** @param error of all calls that are not answered, those to come too; of several ends, the first tells */
  #endWith(error: Error): void {
    this.#worker.terminate();
    this.#end ??= error;
    for (const { reject } of this.#waiting.values()) reject(this.#end);
    this.#waiting.clear();
  }

  #take(answered: Answered<Answer>): void {
    const waiting = this.#waiting.get(answered.call);
    this.#waiting.delete(answered.call);
    if ("failed" in answered) waiting?.reject(new Error(answered.failed));
    else waiting?.resolve(answered.answer);
  }
}
