/** Downstream evaluation: what a representation is worth with few labels, or many. The modules that do it are loaded by the first call. */
import type { ProbedBackbone, ProbeHooks } from "./context.ts";
import type { ProbeOptions } from "./schema/options.ts";
import type { ProbeResult } from "./schema/result.ts";

export type { ProbedBackbone, ProbeHooks, ProbeProgress } from "./context.ts";

/**
 * Evaluates a backbone on a labelled store, for each label budget and seed: with the paper's predictor on frozen features, by
 * fine-tuning, with a linear layer or by nearest neighbours; or measures how well its features identify persons. The test split
 * chooses nothing.
 *
 * Processes that a launcher started (torchrun, Slurm, Kubernetes, mpirun, or `duchenne probe --nproc`) compute the features together, each of
 * them a contiguous part, with the same bits as one process. Rank 0 alone fits predictors, reads and writes `out`, `cache` and `save`, and
 * calls `onProgress`; the others return once the features are gathered, with a result without scores.
 * Under a launcher (WORLD_SIZE), every process must call it: they compute the features together, and the first fits and writes.
 * @param loaded from `loadBackbone`, in evaluation mode; its weights are the same afterwards
 * @param storePath folder of a prepared store with labels
 * @returns figures of every training and their means, as `out` has them
 * @throws ProbeError if the store lacks what the task needs, or an option is out of range; ConfigError for an unknown hook, or if `save` holds
 * anything else; StoreError for a folder that is no store; the signal's reason; ProcessGroupError if another process ends or does not
 * answer; RankMismatchError if one has other settings
 * @see Shu et al. 2022, arXiv:2210.03853, section 4
 */
export async function probe(
  loaded: ProbedBackbone,
  storePath: string,
  options: ProbeOptions = {},
  hooks: ProbeHooks = {},
): Promise<ProbeResult> {
  const { evaluateBackbone } = await import("./evaluateBackbone.ts");
  return evaluateBackbone(loaded, storePath, options, hooks);
}
