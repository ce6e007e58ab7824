/** Saves the predictor of one training of an evaluation. */
import { SIDE_PER_BOX } from "@duchenne/crop";
import { keep, noGrad, scope, type Tensor, tensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import { ConfigError, setting } from "../../lib/errors.ts";
import { tensorsDigest } from "../features/weightsDigest.ts";
import { type NewSavedProbe, refuseToReplace, type SavedCrop, saveProbe } from "../results/savedProbe.ts";
import { parseBudget } from "../schema/labelBudget.ts";
import type { ProbeSettings } from "../schema/options.ts";
import type { ProbeCell, ProbeResult } from "../schema/result.ts";
import type { OutputChange } from "./outputChange.ts";

/** Checks the folder for the predictor. @throws ConfigError if the settings train no predictor, or the folder holds anything else */
export function checkSave(folder: string | undefined, { task, mode }: ProbeSettings): void {
  if (folder === undefined) return;
  if (task === "identity")
    throw new ConfigError(
      setting("save"),
      "a task that trains a predictor",
      task,
      'Use `task: "expression"` or va.',
    );
  if (mode === "knn")
    throw new ConfigError(
      setting("save"),
      "a mode that trains a predictor",
      mode,
      'Use `mode: "frozen"`, finetune or linear.',
    );
  refuseToReplace(folder);
}

/** The budget with the most labels; of equal budgets, the first. @param trainImages number of images to draw from */
export function largestBudget(labels: readonly string[], trainImages: number): string {
  const wanted = labels.map((text) => {
    const budget = parseBudget(text)!;
    return Math.min(trainImages, "count" in budget ? budget.count : Math.round(budget.share * trainImages));
  });
  return labels[wanted.indexOf(Math.max(...wanted))]!;
}

/** Copies weights during a training, and writes them to a folder afterwards. */
export class PredictorKeeper {
  readonly #folder: string;
  #weights = new Map<string, Tensor>();
  #change: OutputChange | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Copies weights, to the CPU. @param weights named `backbone.…` and `predictor.…`   @param change of the outputs, for the last layer */
  copy(weights: ReadonlyMap<string, Tensor>, change?: OutputChange): void {
    const last = lastLayer(weights.keys());
    this.#change = change;
    this.#weights = new Map(
      [...weights].map(([name, tensor]) => [
        name,
        scope(() =>
          noGrad(() => keep(changed(tensor.to({ device: "cpu" }), name.replace(last, ""), change))),
        ),
      ]),
    );
  }

  /** Writes the folder. @param cell the training of the weights */
  write(result: ProbeResult, { labels, seed, trainImages, best }: ProbeCell, store: FrameStore): void {
    const { settings, backbone, data, classes } = result;
    const own = [...this.#weights].filter(([name]) => name.startsWith("backbone."));
    const named = own.map(([name, tensor]) => [name.slice("backbone.".length), tensor] as const);
    const about: NewSavedProbe = {
      task: settings.task as "expression" | "va",
      mode: settings.mode as "frozen" | "finetune" | "linear",
      backbone: { ...backbone, digest: tensorsDigest(named) },
      data,
      crop: cropOf(store),
      classes,
      labels,
      seed,
      trainImages,
      figures: best.figures,
      recall: best.recall,
      ...(settings.calibrate && this.#change && { temperature: this.#change.temperature }),
      settings,
    };
    saveProbe(this.#folder, about, this.#weights);
  }

  [Symbol.dispose](): void {
    for (const tensor of this.#weights.values()) tensor.dispose();
    this.#weights.clear();
  }
}

/** A tensor that gives the changed outputs. @param name within the last layer, `weight` or `bias`; others stay */
function changed(own: Tensor, name: string, change: OutputChange | undefined): Tensor {
  if (change === undefined || (name !== "weight" && name !== "bias")) return own.clone();
  const { shift, temperature } = change;
  const { dtype } = own;
  return (name === "bias" ? own.sub(tensor(Float64Array.from(shift)).to({ dtype })) : own).div(temperature);
}

/** The prefix of the predictor's last layer: `predictor.7.` of `predictor.2.weight`, …, `predictor.7.bias`. */
function lastLayer(names: Iterable<string>): string {
  const numbers = [...names].flatMap((name) => /^predictor\.(\d+)\./.exec(name)?.[1] ?? []).map(Number);
  return numbers.length === 0 ? "predictor." : `predictor.${Math.max(...numbers)}.`;
}

/** The crop of the faces in a store. */
export function cropOf(store: Pick<FrameStore, "manifest">): SavedCrop {
  const { size, cropScale = SIDE_PER_BOX, alignEyes, detect, landmarkModel } = store.manifest.options;
  return { size, scale: detect ? cropScale : null, alignEyes, landmarkModel };
}
