/** Numbers of a run between two lines of its log. */
import { keep, ops, scope, type Tensor } from "@duchenne/torch";
import { NonFiniteError } from "./errors.ts";

/** Sums over the steps since the last line. */
export interface FigureSums {
  count: number;
  totals: Record<string, number>;
}

/** Weight of what was in the running mean of the loss: it looks back some 50 steps. */
const SMOOTHING = 0.98;

type Pending = { step: number; names: string[]; tensors: Tensor[] };

/**
 * Means of figures over steps. They stay on the device until `read`, so that a GPU is not made to wait for each step; the
 * sums come out the same whenever it is called.
 */
export class FigureWindow {
  /** Figures of the newest step that was read. */
  newest: Readonly<Record<string, number>> = {};
  #sums: FigureSums;
  #pending: Pending[] = [];

  constructor(
    /** Null before the first step. */
    public smoothedLoss: number | null = null,
    sums: FigureSums = { count: 0, totals: {} },
  ) {
    this.#sums = { count: sums.count, totals: { ...sums.totals } };
  }

  /** @param figures scalars, among them `loss`; this window keeps and frees them */
  add(
    step: number,
    figures: Readonly<Record<string, Tensor>>,
    counts: Readonly<Record<string, number>>,
  ): void {
    this.#pending.push({ step, names: Object.keys(figures), tensors: Object.values(figures).map(keep) });
    for (const [name, value] of Object.entries(counts)) this.#sum(name, value);
    this.#sums.count += 1;
  }

  /**
   * Fetches what is still on the device.
   * @throws NonFiniteError naming the first step whose loss is NaN or infinite
   */
  read(): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const { step, names, tensors } of pending) {
      const values = scope(() =>
        ops.stack(tensors.map((tensor) => tensor.to({ dtype: "float64" }))).toTypedArray(),
      );
      for (const tensor of tensors) tensor.dispose();
      this.newest = Object.fromEntries(names.map((name, i) => [name, Number(values[i])]));
      this.#take(step, this.newest);
    }
  }

  #take(step: number, figures: Readonly<Record<string, number>>): void {
    const loss = figures.loss!;
    if (!Number.isFinite(loss)) throw new NonFiniteError(step, "loss", loss);
    for (const [name, value] of Object.entries(figures)) this.#sum(name, value);
    this.smoothedLoss =
      this.smoothedLoss === null ? loss : SMOOTHING * this.smoothedLoss + (1 - SMOOTHING) * loss;
  }

  #sum(name: string, value: number): void {
    this.#sums.totals[name] = (this.#sums.totals[name] ?? 0) + value;
  }

  /** Means since the last call, of all that was read; starts anew. */
  takeMeans(): Record<string, number> {
    const { count, totals } = this.#sums;
    this.#sums = { count: 0, totals: {} };
    return Object.fromEntries(Object.entries(totals).map(([name, total]) => [name, total / count]));
  }

  /** For a checkpoint; call `read` first. */
  sums(): FigureSums {
    return { count: this.#sums.count, totals: { ...this.#sums.totals } };
  }
}

/** Speed of a run. */
export interface Rates {
  readonly imagesPerSecond: number;
  /** Share of the time spent waiting for data, in [0, 1]. */
  readonly waitShare: number;
}

/** Measures the speed of a run. */
export class RateMeter {
  images = 0;
  seconds = 0;
  waitSeconds = 0;

  add(images: number, seconds: number, waitSeconds: number): void {
    this.images += images;
    this.seconds += seconds;
    this.waitSeconds += waitSeconds;
  }

  /** Zeros if nothing was measured. */
  rates(): Rates {
    if (this.seconds === 0) return { imagesPerSecond: 0, waitShare: 0 };
    return { imagesPerSecond: this.images / this.seconds, waitShare: this.waitSeconds / this.seconds };
  }

  reset(): void {
    this.images = this.seconds = this.waitSeconds = 0;
  }
}
