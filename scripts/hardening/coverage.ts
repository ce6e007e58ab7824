/** Which inputs lead a reader to code that none before has reached, by V8's own coverage. */
import { Session } from "node:inspector/promises";

/** Only the project's own sources count: Node's and libraries' would hide them. */
const OWN = /\/packages\/[a-z-]+\/src\//;

/** Counts blocks of functions while it is on; V8 runs slower meanwhile. */
export class Coverage {
  readonly #session = new Session();
  readonly #seen = new Set<string>();

  /** Begins to count. */
  async start(): Promise<void> {
    this.#session.connect();
    await this.#session.post("Profiler.enable");
    await this.#session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  }

  /** Whether a function has run other blocks than ever before, together, since the last call. */
  async hasNew(): Promise<boolean> {
    const { result } = await this.#session.post("Profiler.takePreciseCoverage");
    const before = this.#seen.size;
    for (const { url, functions } of result) {
      if (!OWN.test(url)) continue;
      for (const { ranges } of functions) {
        // A block that runs as often as the one around it has no range of its own: only all ranges together say what ran.
        const blocks = ranges.map(({ startOffset, endOffset, count }) => [startOffset, endOffset, count > 0]);
        this.#seen.add(`${url} ${blocks.join(" ")}`);
      }
    }
    return this.#seen.size > before;
  }

  /** Ends; readers run at full speed again. */
  async stop(): Promise<void> {
    await this.#session.post("Profiler.stopPreciseCoverage");
    await this.#session.post("Profiler.disable");
    this.#session.disconnect();
  }
}
