/** The processes that work on one run or evaluation together, from the view of one of them. */
import { distributed, noGrad, ops, scope, type Tensor, tensor } from "@duchenne/torch";
import type { BatchShare } from "../sampling/batch.ts";
import type { CurriculumState } from "./curriculum.ts";
import { RankMismatchError } from "./errors.ts";
import type { Learner } from "./learner.ts";

/** What of a checkpoint is no tensor. */
export type RestoredState = {
  step: number;
  smoothedLoss: number | null;
  figures: { count: number; totals: Record<string, number> };
  curriculum?: CurriculumState | undefined;
};

/** A group of processes, of which the first alone writes. */
export class Ranks {
  readonly share: BatchShare;
  readonly localRank: number;
  /** Whether `joinRanks` joined, and so has to leave. */
  readonly #joined: boolean;

  constructor({ rank, worldSize, localRank }: distributed.ProcessGroup, joined: boolean) {
    this.share = { rank, worldSize };
    this.localRank = localRank;
    this.#joined = joined;
  }

  get isFirst(): boolean {
    return this.share.rank === 0;
  }

  /**
   * Compares what each process is about to do.
   * @param own by name: settings, the store's digest, versions
   * @throws RankMismatchError, in every process, naming the one that differs from most, and what differs
   */
  requireSame(own: Readonly<Record<string, unknown>>): void {
    const all = distributed.allGatherText(JSON.stringify(own)).map((text) => JSON.parse(text) as typeof own);
    const names = [...new Set(all.flatMap(Object.keys))];
    for (const name of names) {
      const values = all.map((record) => JSON.stringify(record[name]) ?? "nothing");
      const usual = mostFrequent(values);
      const odd = values.findIndex((value) => value !== usual);
      if (odd >= 0) throw new RankMismatchError(odd, name, usual, values[odd]!);
    }
  }

  /** The text of rank 0, in all. */
  textOfFirst(text: string): string {
    return distributed.allGatherText(this.isFirst ? text : "")[0]!;
  }

  /** The value of rank 0, in all. @param own at least 0 */
  valueOfFirst(own: number): number {
    return scope(() => {
      const sent = tensor(Float64Array.of(this.isFirst ? own : -1));
      return Number(distributed.allReduce(sent, "max").item());
    });
  }

  /** Gives all processes the weights of rank 0, and of a resumed run the optimiser's state and the figures. */
  shareState(learner: Learner, state: RestoredState | undefined): RestoredState | undefined {
    noGrad(() => scope(() => [...learner.method.network.stateDict().values()].forEach(broadcastInto)));
    const { tensors, steps } = learner.optimizer.stateDict();
    const shapes = [...tensors].map(([name, { shape, dtype }]) => ({ name, shape, dtype }));
    const sent = JSON.stringify(state ? { state, steps, shapes } : null);
    const received = JSON.parse(this.textOfFirst(sent)) as {
      state: RestoredState;
      steps: number[];
      shapes: { name: string; shape: number[]; dtype: "float32" }[];
    } | null;
    if (received === null) return undefined;
    const { device } = learner.method.network.parameters()[0]!;
    scope(() => {
      const own = received.shapes.map(({ name, shape, dtype }) => {
        // Contiguous, as the others make it: a broadcast copies memory as it lies.
        const held = this.isFirst ? tensors.get(name)!.contiguous() : ops.zeros(shape, { dtype, device });
        return [name, noGrad(() => broadcastInto(held))] as const;
      });
      if (!this.isFirst) learner.optimizer.loadStateDict({ tensors: new Map(own), steps: received.steps });
    });
    return received.state;
  }

  /** Whether any process was asked to stop: all stop after the same step. Needs no GPU. */
  anyStops(own: boolean): boolean {
    return scope(() => distributed.allReduce(tensor([own ? 1 : 0]), "max").item() === 1);
  }

  /** Waits for all: rank 0 may still be saving. */
  finish(): void {
    distributed.barrier();
  }

  /** What ended this process: a failed collective of a backward pass is the group's failure, too. */
  explain(error: unknown): unknown {
    return distributed.groupErrorOf(error);
  }

  /** Leaves the group that `joinRanks` joined. @param error that ends this process: the others name it */
  leave(error?: unknown): void {
    const foreign = error instanceof Error && !(error instanceof distributed.ProcessGroupError);
    const reason = foreign && !(error instanceof RankMismatchError) ? `${error.name}: ${error.message}` : "";
    if (this.#joined || reason !== "") distributed.destroyProcessGroup(reason);
  }
}

/** Gloo knows no truth values. */
function broadcastInto(held: Tensor): Tensor {
  const sent = held.dtype === "bool" ? held.to({ dtype: "uint8" }) : held.contiguous();
  distributed.broadcast(sent, 0);
  return sent === held ? held : held.copy_(sent);
}

function mostFrequent(values: readonly string[]): string {
  const count = (value: string) => values.filter((other) => other === value).length;
  return values.reduce((best, value) => (count(value) > count(best) ? value : best));
}

/**
 * Works among the processes that a launcher started, or alone: joins them, and leaves them at the end. If the work fails, the others
 * fail at once, and name the reason.
 * @param timeoutSeconds how long processes wait for each other; undefined: 300
 * @param work takes undefined in a process that is alone
 * @throws what the work throws; ProcessGroupError if another process ends, does not answer or does not come
 */
export async function amongRanks<T>(
  timeoutSeconds: number | undefined,
  work: (ranks: Ranks | undefined) => Promise<T>,
): Promise<T> {
  const ranks = joinRanks(timeoutSeconds);
  try {
    const result = await work(ranks);
    ranks?.leave();
    return result;
  } catch (error) {
    const known = ranks ? ranks.explain(error) : error;
    ranks?.leave(known);
    throw known;
  }
}

/** The device of a process: of several GPUs the one at its place on its machine, unless one is named. */
export const deviceOfRank = (device: string, localRank: number): string =>
  device === "cuda" ? `cuda:${localRank}` : device;

/**
 * The processes that train together with this one: those of the group it has joined, or those that a launcher started, which are
 * joined here.
 * @returns undefined for a process that trains alone
 * @throws ProcessGroupError if the others do not come
 */
function joinRanks(timeoutSeconds?: number): Ranks | undefined {
  const group = distributed.processGroup();
  if (group) return group.worldSize > 1 ? new Ranks(group, false) : undefined;
  if ((distributed.launchedRank()?.worldSize ?? 1) === 1) return undefined;
  return new Ranks(
    distributed.initProcessGroup({
      endsWithOthers: true,
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    }),
    true,
  );
}
