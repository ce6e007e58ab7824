/** Which training of a probe is kept as a predictor, and how it gets into its folder. */

import { SIDE_PER_BOX } from "@duchenne/crop";
import { keep, noGrad, scope, type Tensor } from "@duchenne/torch";
import type { FrameStore } from "../../data/store/frameStore.ts";
import { ConfigError } from "../../lib/errors.ts";
import { tensorsDigest } from "../features/weightsDigest.ts";
import { refuseToReplace, type SavedCrop, saveProbe } from "../results/savedProbe.ts";
import { parseBudget } from "../schema/labelBudget.ts";
import type { ProbeSettings } from "../schema/options.ts";
import type { ProbeCell, ProbeResult } from "../schema/result.ts";

/** @throws ConfigError where there is no predictor to keep, or no place for it */
export function checkSave(folder: string | undefined, { task, mode }: ProbeSettings): void {
  if (folder === undefined) return;
  if (task === "identity")
    throw new ConfigError("--save", "the task expression or va", "identity, which trains nothing");
  if (mode === "knn") throw new ConfigError("--save", "a mode that trains a predictor", "knn");
  refuseToReplace(folder);
}

/** The budget that asks for most of so many labels; of equals the first. */
export function largestBudget(labels: readonly string[], trainImages: number): string {
  const wanted = labels.map((text) => {
    const budget = parseBudget(text)!;
    return Math.min(trainImages, "count" in budget ? budget.count : Math.round(budget.share * trainImages));
  });
  return labels[wanted.indexOf(Math.max(...wanted))]!;
}

/** Copies of weights that outlive their network. */
export class PredictorKeeper {
  readonly #folder: string;
  #weights = new Map<string, Tensor>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  take(weights: ReadonlyMap<string, Tensor>): void {
    this.#weights = new Map(
      [...weights].map(([name, tensor]) => [
        name,
        scope(() => noGrad(() => keep(tensor.to({ device: "cpu" }).clone()))),
      ]),
    );
  }

  /** Writes the folder, and lets go of the copies. @param cell the training that the weights came from */
  write(result: ProbeResult, { labels, seed, trainImages, best }: ProbeCell, store: FrameStore): void {
    const { settings, backbone, data, classes } = result;
    const own = [...this.#weights].filter(([name]) => name.startsWith("backbone."));
    const named = own.map(([name, tensor]) => [name.slice("backbone.".length), tensor] as const);
    const about = {
      task: settings.task as "expression" | "va",
      mode: settings.mode as "frozen" | "finetune" | "linear",
      backbone: { ...backbone, digest: tensorsDigest(named) },
      ...{ data, crop: cropOf(store), classes, labels, seed, trainImages },
      ...{ figures: best.figures, recall: best.recall },
    };
    try {
      saveProbe(this.#folder, about, this.#weights);
    } finally {
      this.dispose();
    }
  }

  dispose(): void {
    for (const tensor of this.#weights.values()) tensor.dispose();
    this.#weights.clear();
  }
}

/** How the pictures were cut that a predictor learned from. */
export function cropOf(store: Pick<FrameStore, "manifest">): SavedCrop {
  const { size, cropScale = SIDE_PER_BOX, alignEyes, detect, landmarkModel } = store.manifest.options;
  return { size, scale: detect ? cropScale : null, alignEyes, landmarkModel };
}
