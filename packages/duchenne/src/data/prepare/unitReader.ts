import { type FeatureExtractor, loadExtractor } from "./features.ts";
import type { SourcePlan } from "./plan.ts";
import { type Processed, processSource } from "./processSource.ts";
import type { PrepareSettings } from "./settings.ts";

/** Reads units of sources, on one thread or several. */
export type UnitReader = {
  /**
   * Reads all units, and gives the results in the units' order, whichever is finished first.
   * @throws the first failure of the face stage, or the signal's reason
   */
  inOrder: (units: Iterable<SourcePlan[]>, signal?: AbortSignal) => AsyncIterable<Processed[]>;
  close: () => Promise<void>;
};

/** Reads one unit after the other; loads what it needs with the first. */
export class UnitProcessor {
  readonly #settings: PrepareSettings;
  readonly #onFrames: (count: number) => void;
  #extractor: FeatureExtractor | undefined;

  /** @param onFrames called with the number of faces since the last call */
  constructor(settings: PrepareSettings, onFrames: (count: number) => void) {
    this.#settings = settings;
    this.#onFrames = onFrames;
  }

  /** @throws the signal's reason, between two frames */
  async process(unit: readonly SourcePlan[], signal?: AbortSignal): Promise<Processed[]> {
    this.#extractor ??= await loadExtractor(this.#settings.feature);
    const processed: Processed[] = [];
    for (const plan of unit) {
      signal?.throwIfAborted();
      processed.push(await processSource(plan, this.#settings, this.#extractor, this.#onFrames, signal));
    }
    return processed;
  }
}

/** Reads on the calling thread: for small jobs, which cost less than starting a thread. */
export class InlineReader implements UnitReader {
  readonly #processor: UnitProcessor;

  constructor(settings: PrepareSettings, onFrames: (count: number) => void) {
    this.#processor = new UnitProcessor(settings, onFrames);
  }

  async *inOrder(units: Iterable<SourcePlan[]>, signal?: AbortSignal): AsyncGenerator<Processed[]> {
    for (const unit of units) {
      signal?.throwIfAborted();
      yield await this.#processor.process(unit, signal);
    }
  }

  async close(): Promise<void> {}
}
