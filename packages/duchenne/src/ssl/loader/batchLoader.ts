import { FrameStore } from "../../data/store/frameStore.ts";
import type { FrameBatch } from "../sampling/batch.ts";
import type { ClipSampler, SampledBatch } from "../sampling/clipSampler.ts";
import { allocateViews, readViews } from "../views/sharedViews.ts";
import type { ViewPlan } from "../views/stepViews.ts";
import type { ViewBatch } from "../views/viewBatch.ts";
import { LoaderError } from "./errors.ts";
import { address, allocateSlot, type BatchPlace, batchIn, type Slot } from "./slot.ts";
import { readInline, readOnThreads, type SlotReader } from "./slotReader.ts";

/** Options of `BatchLoader.open`. */
export interface LoaderOptions {
  /** Threads that read and decode ahead; 0 reads on the calling thread, when asked. Does not change the batches. */
  readonly workers: number;
  /** Batches held in memory besides the one in use; default 2. */
  readonly ahead?: number;
  /** First step; default 0. */
  readonly startStep?: number;
  /** The step after the last; default: no end. */
  readonly endStep?: number;
  /** How the threads make each step's views, on the CPU; with 0 workers the caller makes the views. */
  readonly viewPlan?: ViewPlan;
  /** Rows of a step's batch whose images are read, rising; the images of others are not valid. Default: all. */
  readonly imageRows?: (step: number) => readonly number[];
  /** Strength of the components at a step; called when the batch of the step is begun, up to `ahead` + 1 steps earlier. Default: views take full strength. */
  readonly strengthOf?: (step: number) => number;
}

type Pending = { index: number; place: SampledBatch & BatchPlace; filled: () => Promise<void> };

const DEFAULT_AHEAD = 2;

/** Reads a sampler's batches, in the order of the steps, into a ring of shared memory. */
export class BatchLoader {
  readonly path: string;
  /** How long the last `next` took: the step's wait for data. */
  waitSeconds = 0;
  readonly #store: FrameStore;
  readonly #sampler: ClipSampler;
  readonly #slots: readonly Slot[];
  readonly #reader: SlotReader;
  readonly #endStep: number;
  readonly #viewPlan: ViewPlan | undefined;
  readonly #imageRows: LoaderOptions["imageRows"];
  readonly #strengthOf: LoaderOptions["strengthOf"];
  /** Batches that are begun together: more than one where the threads share the processors with a network. */
  readonly #together: number;
  #step: number;
  readonly #free: number[];
  readonly #pending: Pending[] = [];
  readonly #held = new Map<FrameBatch, number>();
  #failure: LoaderError | undefined;

  private constructor(store: FrameStore, sampler: ClipSampler, options: LoaderOptions) {
    const { workers, ahead = DEFAULT_AHEAD, startStep = 0, endStep = Number.POSITIVE_INFINITY } = options;
    const viewPlan = workers > 0 ? options.viewPlan : undefined;
    this.path = store.path;
    this.#store = store;
    this.#sampler = sampler;
    this.#slots = Array.from({ length: ahead + 1 }, () => roomFor(store, sampler, viewPlan));
    this.#free = [...this.#slots.keys()];
    this.#reader =
      workers === 0
        ? readInline(store, this.#slots)
        : readOnThreads({ path: store.path, slots: this.#slots, viewPlan }, workers);
    this.#step = startStep;
    this.#endStep = endStep;
    this.#viewPlan = viewPlan;
    this.#imageRows = options.imageRows;
    this.#strengthOf = options.strengthOf;
    this.#together = viewPlan ? Math.max(1, Math.min(workers, ahead)) : 1;
    this.#readAhead(1);
  }

  /**
   * Starts to read.
   * @param path the store's folder   @param sampler of that store's clips
   * @throws StoreError if there is no such store, or it is incomplete
   */
  static open(path: string, sampler: ClipSampler, options: LoaderOptions): BatchLoader {
    return new BatchLoader(FrameStore.open(path), sampler, options);
  }

  /**
   * The next step's batch; valid until it is released.
   * @throws LoaderError if it cannot be read, there is none, every slot is held, or the loader is closed
   */
  async next(): Promise<FrameBatch> {
    const asked = performance.now();
    if (this.#failure) throw this.#failure;
    if (this.#pending.length === 0) this.#readAhead(1);
    const pending = this.#pending.shift();
    if (pending === undefined) throw this.#noBatch();
    const { index, place, filled } = pending;
    try {
      await filled();
    } catch (cause) {
      this.#failure ??= new LoaderError(this.path, place.step, (cause as Error).message, undefined, {
        cause,
      });
    }
    if (this.#failure) throw this.#failure;
    const batch = batchIn(this.#slots[index]!, this.#store, place);
    this.#held.set(batch, index);
    this.waitSeconds = (performance.now() - asked) / 1000;
    return batch;
  }

  /**
   * The views of a batch that is held, if the loader's threads have made them; undefined if they are left to the caller.
   * @returns tensors on the batch's memory, valid until the batch is released
   */
  views(batch: FrameBatch): ViewBatch | undefined {
    const shared = this.#slots[this.#held.get(batch) ?? -1]?.views;
    return shared && readViews(shared, batch, this.#viewPlan!.settings.cutMix, this.#viewPlan!.share);
  }

  /** Gives a batch's memory back, to be read into. @throws RangeError if it is not held */
  release(batch: FrameBatch): void {
    const index = this.#held.get(batch);
    if (index === undefined)
      throw new RangeError(
        `release: expected a batch of \`next\` that is not released yet, received that of step ${batch.step}. Release each batch once.`,
      );
    this.#held.delete(batch);
    this.#free.push(index);
    this.#readAhead(this.#together);
  }

  /** Ends reading; batches still waited for are refused. */
  async close(): Promise<void> {
    this.#failure = new LoaderError(
      this.path,
      this.#step,
      "none: the loader is closed",
      "Open a new loader.",
    );
    this.#pending.length = 0;
    await this.#reader.close();
    await this.#store.close();
  }

  /**
   * Begins to read into every free slot, once there are so many. A network's threads wait for the slowest of them at every
   * operator: a thread that reads beside them holds up all, and as many as there are processors hold them up half as long.
   */
  #readAhead(least: number): void {
    if (this.#free.length < least) return;
    while (!this.#failure && this.#free.length > 0 && this.#step < this.#endStep) {
      const index = this.#free.shift()!;
      const sampled = this.#sampler.batch(this.#step++);
      address(this.#slots[index]!, sampled);
      const rows = this.#imageRows?.(sampled.step);
      const strength = this.#strengthOf?.(sampled.step);
      const place = { ...sampled, ...(rows && { rows }), ...(strength !== undefined && { strength }) };
      this.#pending.push({ index, place, filled: this.#reader.start(index, place) });
    }
  }

  #noBatch(): LoaderError {
    return this.#step < this.#endStep
      ? new LoaderError(
          this.path,
          this.#step,
          `none: all ${this.#slots.length} slots are held`,
          "Release a batch first.",
        )
      : new LoaderError(this.path, this.#step, "none: the run ends before it", "Read fewer batches.");
  }
}

/** Room for a batch, and for its views where they are to be made. */
function roomFor(store: FrameStore, sampler: ClipSampler, viewPlan: ViewPlan | undefined): Slot {
  const slot = allocateSlot(store, sampler);
  if (viewPlan === undefined) return slot;
  const rows = slot.keys.length;
  const { settings, share } = viewPlan;
  const images = rows / (share?.worldSize ?? 1);
  const views = allocateViews(rows, settings.size, store.manifest.options.featureLength, images);
  return { ...slot, views };
}
