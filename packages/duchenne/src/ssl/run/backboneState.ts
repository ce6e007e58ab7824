import { existsSync, statSync } from "node:fs";
import { readWeights, type StateDict, WeightsError } from "@duchenne/torch";
import {
  bestCheckpoint,
  checkpointsOf,
  isCheckpoint,
  readCheckpointModel,
  readLastGood,
} from "./checkpoint.ts";
import type { CheckpointState } from "./checkpointState.ts";
import { CheckpointError } from "./errors.ts";

/** Which checkpoint of a run: the newest, or the one with the lowest running mean of the training loss. */
export type Which = "last" | "best";

/** A network as some file holds it. */
export interface FoundWeights {
  /** All tensors, by the file's names. */
  readonly tensors: StateDict;
  /** Absent for a weights file of another program. */
  readonly state?: CheckpointState;
  /** What was read, for the user. */
  readonly description: string;
}

/**
 * Reads a network from a run folder, one of its checkpoints, or a weights file (.safetensors, .pth).
 * @throws CheckpointError if there is none, or it is damaged
 */
export function findWeights(path: string, which: Which = "last"): FoundWeights {
  if (!existsSync(path))
    throw new CheckpointError(
      path,
      "a run, a checkpoint or a weights file",
      "no such run, checkpoint or weights file",
      "Check the path.",
    );
  if (!statSync(path).isDirectory()) return readWeightsFile(path);
  const { state, model: tensors } = readCheckpointModel(
    isCheckpoint(path) ? path : chooseCheckpoint(path, which),
  );
  const { method, arch } = state.config;
  return { tensors, state, description: `${arch} after ${state.step} steps of ${method}, from ${path}` };
}

function chooseCheckpoint(runFolder: string, which: Which): string {
  const folder = checkpointsOf(runFolder);
  const { checkpoint, damaged } = readLastGood(folder);
  const path = which === "best" ? bestCheckpoint(folder) : checkpoint?.path;
  // The newest one is what was asked for; that all are damaged must not read as if there were none.
  if (path === undefined && damaged[0] !== undefined) throw damaged[0];
  if (path === undefined)
    throw new CheckpointError(
      runFolder,
      "checkpoints/<step>/state.json",
      "a folder without a checkpoint",
      "Check the path, or train until the first checkpoint.",
    );
  return path;
}

function readWeightsFile(path: string): FoundWeights {
  try {
    return { tensors: readWeights(path), description: `weights of ${path}` };
  } catch (error) {
    if (error instanceof WeightsError)
      throw new CheckpointError(path, "a weights file", error.message, "Check the file.", { cause: error });
    throw error;
  }
}

const STEM = "conv1.weight";

/**
 * The backbone among a file's tensors, by torchvision's names: the classifier `fc` is left out, and whatever stands before
 * the names (`backbone.`, `module.encoder_q.`) is cut off. Of several, the first in the file is taken, `backbone.` before all.
 * @throws CheckpointError if there is no residual network
 */
export function backboneTensors({ tensors, state }: FoundWeights, path: string): StateDict {
  if (state) return under("backbone.", tensors);
  const prefixes = [...tensors.keys()]
    .filter((name) => name === STEM || (name.endsWith(`.${STEM}`) && !/(^|\.)layer\d+\./.test(name)))
    .map((name) => name.slice(0, -STEM.length));
  const prefix = prefixes.find((candidate) => candidate === "backbone.") ?? prefixes[0];
  if (prefix === undefined)
    throw new CheckpointError(
      path,
      "weights of a residual network",
      `none: no tensor is named ${STEM}, or ends with it`,
      "Choose another file.",
    );
  return new Map([...under(prefix, tensors)].filter(([name]) => !name.startsWith("fc.")));
}

/** The tensors whose names begin with a prefix, without it. */
function under(prefix: string, tensors: StateDict): StateDict {
  const own = [...tensors]
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, tensor]) => [name.slice(prefix.length), tensor] as const);
  return new Map(own);
}
