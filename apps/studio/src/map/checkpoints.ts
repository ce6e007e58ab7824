/** Checkpoints of runs as a reader chooses them. */
import type { RunEntry } from "duchenne/studio";
import { count } from "../format.ts";

/** A run after some updates. */
export interface Checkpoint {
  readonly run: RunEntry;
  readonly step: number;
}

const idOf = ({ run, step }: Checkpoint): string => `${run.id}@${step}`;

/** "runs/first, 200 updates" */
export const checkpointName = ({ run, step }: Checkpoint): string => `${run.name}, ${count(step)} updates`;

/** All but one, as choices; of each run the newest first. */
export const checkpointsOf = (
  runs: readonly RunEntry[],
  without: Checkpoint,
): { readonly id: string; readonly name: string }[] =>
  runs
    .flatMap((run) => run.checkpoints.toReversed().map((step) => ({ run, step })))
    .filter((one) => idOf(one) !== idOf(without))
    .map((one) => ({ id: idOf(one), name: checkpointName(one) }));

/** The one that an address names; undefined if there is none. */
export function findCheckpoint(runs: readonly RunEntry[], id: string | null): Checkpoint | undefined {
  const [runId, step] = id?.split("@") ?? [];
  const run = runs.find((one) => one.id === runId);
  const found = run?.checkpoints.find((one) => String(one) === step);
  return run && found !== undefined ? { run, step: found } : undefined;
}
