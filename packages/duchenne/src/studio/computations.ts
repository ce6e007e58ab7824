import type { Computer } from "./compute/computer.ts";
import type { MapComputation } from "./compute/map.ts";
import type { MapState } from "./contract/api.ts";

const MOST_KEPT = 8;

/** Maps asked for, in memory; of a checkpoint or a store that has since been replaced another is made. */
export class Maps {
  readonly #computer: Computer;
  readonly #states = new Map<string, MapState>();

  constructor(computer: Computer) {
    this.#computer = computer;
  }

  /** How far a map is; starts it where it was not asked for, or failed and is asked for anew. */
  start(request: MapComputation): MapState {
    const key = JSON.stringify(request);
    const known = this.#states.get(key);
    if (known !== undefined && known.state !== "failed") return known;
    const working: MapState = { state: "working", doing: "starting", share: 0 };
    this.#states.set(key, working);
    this.#computer
      .map(request, (doing, share) => this.#states.set(key, { state: "working", doing, share }))
      .then(
        (map) => this.#states.set(key, { state: "done", map }),
        (error: Error) => this.#states.set(key, { state: "failed", error: error.message }),
      );
    for (const oldest of [...this.#states.keys()].slice(0, -MOST_KEPT)) this.#states.delete(oldest);
    return working;
  }

  /** How far it is; starts nothing anew that failed. */
  state(request: MapComputation): MapState {
    return this.#states.get(JSON.stringify(request)) ?? this.start(request);
  }
}
