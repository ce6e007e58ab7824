import type { Tensor } from "@duchenne/torch";
import { Random } from "../../lib/random.ts";
import type { ProbeImage } from "../data/readImages.ts";
import { withIntervals } from "../results/outcome.ts";
import type { ProbeCell, ProbeFigure } from "../schema/result.ts";
import { divideByPerson, identify } from "./identification.ts";
import { type PairFile, verify } from "./verification.ts";

/** Quantile 0.975 of the normal distribution, for the interval of a mean over folds. */
const NORMAL_975 = 1.96;

/** Inputs of `identityCell`. */
export interface IdentityInputs {
  /** [n, d] of the images. */
  readonly features: Tensor;
  readonly images: readonly ProbeImage[];
  /** Path of the store, for errors. */
  readonly store: string;
  /** Least images of a person. */
  readonly minImages: number;
  /** Of the bootstrap intervals. */
  readonly resamples: number;
  /** Pairs whose images are in the store; undefined: no verification. */
  readonly pairs: PairFile | undefined;
}

/**
 * Measures how well features identify persons, with one division into gallery and queries, and how well they verify LFW's pairs.
 * @param seed of the division
 * @throws ProbeError if fewer than two persons have enough images
 */
export function identityCell(
  { features, images, store, minImages, resamples, pairs }: IdentityInputs,
  seed: number,
): ProbeCell {
  const start = performance.now();
  const rng = Random.fromSeed(seed).fork("cell");
  const division = divideByPerson(images, minImages, store, rng.fork("gallery"));
  const { correct, chance } = identify(features, images, division);
  const mean = (values: readonly (boolean | number)[], chosen: readonly number[]) =>
    chosen.reduce((sum, q) => sum + Number(values[q]), 0) / chosen.length;
  const figures = withIntervals(
    (chosen) => ({ identification: mean(correct, chosen), chance: mean(chance, chosen) }),
    division.queries.map((i) => images[i]!.person),
    resamples,
    rng.fork("intervals"),
  );
  const all = pairs ? { ...figures, verification: meanOverFolds(verify(features, images, pairs)) } : figures;
  const outcome = { figures: all, confusion: null, recall: null, predictions: [], confidence: null };
  return {
    labels: "all",
    seed,
    trainImages: division.gallery.length,
    validationImages: 0,
    steps: 0,
    seconds: Number(((performance.now() - start) / 1000).toFixed(3)),
    best: outcome,
    last: outcome,
    bestStep: 0,
    history: [],
  };
}

/** Mean over folds with its 95 % interval. @param foldAccuracy [folds] */
function meanOverFolds(foldAccuracy: readonly number[]): ProbeFigure {
  const n = foldAccuracy.length;
  const value = foldAccuracy.reduce((sum, fold) => sum + fold, 0) / n;
  const variance = foldAccuracy.reduce((sum, fold) => sum + (fold - value) ** 2, 0) / (n - 1);
  const halfWidth = NORMAL_975 * Math.sqrt(variance / n);
  return { value, low: value - halfWidth, high: value + halfWidth };
}
