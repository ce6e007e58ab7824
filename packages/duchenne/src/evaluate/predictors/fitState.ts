/** What a training needs to continue after its process was killed. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseSafetensors, saveWeights, type Tensor, tensorsOf } from "@duchenne/torch";
import { z } from "zod";
import { writeFolderAtomically } from "../../lib/files/atomicFolder.ts";
import { WriteError } from "../../lib/files/errors.ts";
import { findForeignFile } from "../../lib/files/foreignFiles.ts";
import { sha256 } from "../../lib/sha256.ts";
import { ProbeError } from "../schema/errors.ts";

const STATE = "state.json";
const TENSORS = "tensors.safetensors";

const score = z.number().nullable();

const stateSchema = z.strictObject({
  format: z.literal("duchenne-training"),
  formatVersion: z.literal(1),
  /** SHA-256 of all that the training depends on. */
  key: z.string(),
  /** Updates done. */
  step: z.int(),
  history: z.array(z.strictObject({ step: z.int(), loss: score, score })),
  best: z.strictObject({ step: z.int(), score }),
  optimizerSteps: z.array(z.int()),
  /** Losses of the updates since the last validation; a state between two rounds has none. */
  losses: z.array(score).default([]),
  /** SHA-256 of the tensors' file, to detect damage. */
  sha256: z.string(),
});

type State = z.infer<typeof stateSchema>;

/** Groups of tensors of a training: `network`, `average`, `best`, `optimizer`, `random`. */
export type TensorGroups = Readonly<Record<string, ReadonlyMap<string, Tensor>>>;

/** A training after some updates. */
export interface FitState extends Pick<State, "step" | "history" | "best" | "optimizerSteps" | "losses"> {
  readonly tensors: TensorGroups;
}

/** Writing takes at most this share of the time. */
const WRITING_SHARE = 0.05;

/** Keeps the state of one training in a folder. */
export class FitStateFolder {
  readonly #folder: string;
  readonly #key: string;
  readonly #notice: (text: string) => void;
  /** When the next state is due, and how long the last one took. */
  #dueMs = 0;

  /**
   * @param facts all that the training depends on: a state of other facts is not read
   * @param onNotice called if a state cannot be used or written
   * @throws ProbeError if the folder holds anything else
   */
  constructor(folder: string, facts: unknown, onNotice: (text: string) => void = () => {}) {
    this.#folder = folder;
    this.#key = sha256(JSON.stringify(facts));
    this.#notice = onNotice;
    const foreign = findForeignFile(folder, [STATE, TENSORS]);
    if (foreign !== undefined)
      throw new ProbeError(
        folder,
        "no folder, or one of a training",
        `one that holds ${foreign}`,
        "Choose another `out`.",
      );
  }

  /** The state to continue from; undefined if there is none, or if it belongs to another training or is damaged. The caller disposes the tensors. */
  read(): FitState | undefined {
    if (!existsSync(join(this.#folder, STATE))) return undefined;
    try {
      const state = stateSchema.parse(JSON.parse(readFileSync(join(this.#folder, STATE), "utf8")));
      const bytes = readFileSync(join(this.#folder, TENSORS));
      if (state.key !== this.#key) return this.#unusable("it is that of another training");
      if (sha256(bytes) !== state.sha256) return this.#unusable("it is damaged");
      return { ...state, tensors: grouped(tensorsOf(parseSafetensors(bytes, TENSORS).tensors)) };
    } catch {
      return this.#unusable("it is damaged");
    }
  }

  #unusable(why: string): undefined {
    this.#notice(`${this.#folder}: the training begins anew, because the state there cannot be used: ${why}`);
  }

  /** Whether a state is due: at once, and then so rarely that writing takes little of the time. */
  get isDue(): boolean {
    return performance.now() >= this.#dueMs;
  }

  /** Writes the state, all of it or none. A disk that takes no more does not end the training. */
  write(state: FitState): void {
    const startMs = performance.now();
    try {
      this.#write(state);
    } catch (error) {
      if (!(error instanceof WriteError)) throw error;
      this.#notice(
        `${error.message} What the training has done since it was last written could not be continued.`,
      );
    }
    const endMs = performance.now();
    this.#dueMs = endMs + (endMs - startMs) / WRITING_SHARE;
  }

  #write({ tensors, step, history, best, optimizerSteps, losses }: FitState): void {
    writeFolderAtomically(this.#folder, (temporary) => {
      saveWeights(join(temporary, TENSORS), named(tensors));
      const state: State = {
        format: "duchenne-training",
        formatVersion: 1,
        key: this.#key,
        ...{ step, history, best, optimizerSteps, losses },
        sha256: sha256(readFileSync(join(temporary, TENSORS))),
      };
      writeFileSync(join(temporary, STATE), `${JSON.stringify(state)}\n`, { flush: true });
    });
  }

  /** Removes the state of a training that is done. */
  remove(): void {
    if (existsSync(join(this.#folder, STATE))) rmSync(this.#folder, { recursive: true, force: true });
  }
}

const named = (groups: TensorGroups): Map<string, Tensor> =>
  new Map(
    Object.entries(groups).flatMap(([group, tensors]) =>
      [...tensors].map(([name, tensor]) => [`${group}/${name}`, tensor] as const),
    ),
  );

function grouped(tensors: ReadonlyMap<string, Tensor>): TensorGroups {
  const groups: Record<string, Map<string, Tensor>> = {};
  for (const [name, tensor] of tensors) {
    const [group, ...rest] = name.split("/");
    groups[group!] ??= new Map();
    groups[group!]!.set(rest.join("/"), tensor);
  }
  return groups;
}
