/** Scores a model. The modules that do it are loaded by the first call. */
import type { Model } from "@duchenne/predict";
import type { Score, ScoreOptions } from "./scoreStore.ts";

/**
 * Scores a model on every labelled face of a store. Classes that the store or the model lacks are left out: faces of the first are
 * not scored, and the second are not predicted.
 * @param model as `openModel` gives it   @param storePath a prepared store with labels
 * @throws ConfigError for an unknown option; ScoreError if store and model have nothing in common; StoreError if there is no store; the signal's reason
 */
export async function scoreModel(
  model: Model,
  storePath: string,
  options: ScoreOptions = {},
): Promise<Score> {
  const { scoreStore } = await import("./scoreStore.ts");
  return scoreStore(model, storePath, options);
}
