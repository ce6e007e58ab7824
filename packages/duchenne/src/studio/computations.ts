import type { OnProgress } from "./compute/map.ts";
import type { ComputeState } from "./contract/api.ts";

const MOST_KEPT = 8;

/**
 * Results that take a while, in memory. A request names the versions of the files that it is about: of a checkpoint or a store
 * that has since been replaced another result is computed.
 */
export class Computations<Request extends object, Result> {
  readonly #compute: (request: Request, onProgress: OnProgress) => Promise<Result>;
  readonly #states = new Map<string, ComputeState<Result>>();

  constructor(compute: (request: Request, onProgress: OnProgress) => Promise<Result>) {
    this.#compute = compute;
  }

  /** How far a result is; starts it if it was not asked for, or failed and is asked for anew. */
  start(request: Request): ComputeState<Result> {
    const key = JSON.stringify(request);
    const known = this.#states.get(key);
    if (known !== undefined && known.state !== "failed") return known;
    const working: ComputeState<Result> = { state: "working", doing: "starting", share: 0 };
    this.#states.set(key, working);
    this.#compute(request, (doing, share) => this.#states.set(key, { state: "working", doing, share })).then(
      (result) => this.#states.set(key, { state: "done", result }),
      (error: Error) => this.#states.set(key, { state: "failed", error: error.message }),
    );
    for (const oldest of [...this.#states.keys()].slice(0, -MOST_KEPT)) this.#states.delete(oldest);
    return working;
  }

  /** How far it is; starts nothing anew that failed. */
  state(request: Request): ComputeState<Result> {
    return this.#states.get(JSON.stringify(request)) ?? this.start(request);
  }
}
