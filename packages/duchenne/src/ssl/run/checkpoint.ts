/** Checkpoints: `checkpoints/<step>/` with model.safetensors, optimizer.safetensors and state.json. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseSafetensors, type StateDict, saveWeights, type Tensor } from "@duchenne/torch";
import { packageVersions } from "../../data/store/versions.ts";
import { removeTemporaries, writeFolderAtomically } from "../../lib/files/atomicFolder.ts";
import { writeFailureText } from "../../lib/files/errors.ts";
import { sha256 } from "../../lib/sha256.ts";
import {
  CHECKPOINT_VERSION,
  type CheckpointState,
  checkpointStateSchema,
  type RecordedConfig,
} from "./checkpointState.ts";
import { CheckpointError } from "./errors.ts";

const MODEL = "model.safetensors";
const OPTIMIZER = "optimizer.safetensors";
const STATE = "state.json";

/** Where a run keeps its checkpoints. */
export const checkpointsOf = (runFolder: string): string => join(runFolder, "checkpoints");

/** Whether a folder is one checkpoint. */
export const isCheckpoint = (path: string): boolean => existsSync(join(path, STATE));

/** What the caller knows of a checkpoint's state; the rest is the format's. */
export type NewCheckpoint = Omit<
  CheckpointState,
  "format" | "formatVersion" | "versions" | "sha256" | "config"
> & { readonly config: RecordedConfig };

/**
 * Writes a checkpoint, all of it or none.
 * @param folder of the run's checkpoints   @param model and `optimizer`: tensors by name, on any device
 * @returns the checkpoint's folder
 * @throws CheckpointError if it cannot be written; those before it are untouched
 */
export function saveCheckpoint(
  folder: string,
  checkpoint: NewCheckpoint,
  model: ReadonlyMap<string, Tensor>,
  optimizer: ReadonlyMap<string, Tensor>,
): string {
  const path = join(folder, String(checkpoint.step));
  try {
    writeFolderAtomically(path, (temporary) => {
      saveWeights(join(temporary, MODEL), model);
      saveWeights(join(temporary, OPTIMIZER), optimizer);
      const hashes = [MODEL, OPTIMIZER].map((name) => [name, sha256(readFileSync(join(temporary, name)))]);
      const state = {
        format: "duchenne-checkpoint",
        formatVersion: CHECKPOINT_VERSION,
        versions: packageVersions(),
        ...checkpoint,
        sha256: Object.fromEntries(hashes),
      } satisfies Omit<CheckpointState, "config"> & { config: RecordedConfig };
      writeFileSync(join(temporary, STATE), `${JSON.stringify(state)}\n`, { flush: true });
    });
  } catch (error) {
    const message = writeFailureText(error);
    const last = listCheckpoints(folder).at(-1);
    const kept = last === undefined ? "there is none before it" : `the one of step ${last.step} is untouched`;
    throw new CheckpointError(
      path,
      "a disk that the checkpoint can be saved on",
      `${message}; ${kept}`,
      "Make room, then continue with `resume: true`.",
      { cause: error },
    );
  }
  return path;
}

/** Checkpoints of a run by rising step; what is being written is not among them. */
export function listCheckpoints(folder: string): { step: number; path: string }[] {
  if (!existsSync(folder)) return [];
  const steps = readdirSync(folder).filter((name) => /^\d+$/.test(name) && isCheckpoint(join(folder, name)));
  return steps
    .map((name) => ({ step: Number(name), path: join(folder, name) }))
    .sort((a, b) => a.step - b.step);
}

/** @throws CheckpointError if the folder is no checkpoint, or its state is damaged */
export function readCheckpointState(path: string): CheckpointState {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(join(path, STATE), "utf8"));
  } catch (error) {
    throw damaged(path, `a readable ${STATE}`, (error as Error).message, error);
  }
  const { data, error } = checkpointStateSchema.safeParse(value);
  if (data) return data;
  const [issue] = error.issues;
  throw damaged(path, `${STATE} of a checkpoint`, `${issue!.path.join(".")}: ${issue!.message}`);
}

const damaged = (path: string, expected: string, received: string, cause?: unknown): CheckpointError =>
  new CheckpointError(
    path,
    expected,
    received,
    "Copy the checkpoint again, or use an earlier one.",
    cause === undefined ? {} : { cause },
  );

function readTensors(path: string, file: string, { sha256: hashes }: CheckpointState): StateDict {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(join(path, file));
  } catch (error) {
    throw damaged(path, `a readable ${file}`, (error as Error).message, error);
  }
  if (sha256(bytes) !== hashes[file])
    throw damaged(
      path,
      "files as they were saved",
      `others: ${file} is damaged: its bytes have changed, or it is cut off (${bytes.length} bytes)`,
    );
  return parseSafetensors(bytes, join(path, file)).tensors;
}

/** A checkpoint as its files hold it. */
export interface Checkpoint {
  readonly path: string;
  readonly state: CheckpointState;
  readonly model: StateDict;
  readonly optimizer: StateDict;
}

/** @throws CheckpointError if anything in it is missing or damaged */
export function readCheckpoint(path: string): Checkpoint {
  const state = readCheckpointState(path);
  return {
    path,
    state,
    model: readTensors(path, MODEL, state),
    optimizer: readTensors(path, OPTIMIZER, state),
  };
}

/** The state and the network alone. @throws CheckpointError if either is missing or damaged */
export function readCheckpointModel(path: string): Pick<Checkpoint, "state" | "model"> {
  const state = readCheckpointState(path);
  return { state, model: readTensors(path, MODEL, state) };
}

/** The newest checkpoint that can be read, and why newer ones cannot. */
export function readLastGood(folder: string): { checkpoint?: Checkpoint; damaged: CheckpointError[] } {
  const damaged: CheckpointError[] = [];
  for (const { path } of listCheckpoints(folder).reverse()) {
    try {
      return { checkpoint: readCheckpoint(path), damaged };
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      damaged.push(error);
    }
  }
  return { damaged };
}

/** Of several checkpoints, the one with the lowest running mean of the training loss; unreadable ones are passed over. */
export function bestCheckpoint(folder: string): string | undefined {
  const losses = listCheckpoints(folder).flatMap(({ path }) => {
    try {
      return [{ path, loss: readCheckpointState(path).smoothedLoss ?? Number.POSITIVE_INFINITY }];
    } catch {
      return [];
    }
  });
  return losses.sort((a, b) => a.loss - b.loss)[0]?.path;
}

/** Removes old checkpoints, all but the newest `keepLast` and the best, and what a killed process left. */
export function pruneCheckpoints(folder: string, keepLast: number): void {
  const best = bestCheckpoint(folder);
  for (const { path } of listCheckpoints(folder).slice(0, -keepLast)) {
    if (path !== best) rmSync(path, { recursive: true, force: true });
  }
  removeTemporaries(folder);
}
