import type { Tensor } from "@duchenne/torch";
import { Random } from "../../lib/random.ts";
import type { EvaluationPlan } from "../data/plan.ts";
import { withIntervals } from "../results/outcome.ts";
import type { ProbeSettings } from "../schema/options.ts";
import type { ProbeCell, ProbeFigure } from "../schema/result.ts";
import { divideByPerson, identify } from "./identification.ts";
import { type Pair, verify } from "./verification.ts";

/** Of a normal distribution, for the interval of a mean over folds. */
const NORMAL_975 = 1.96;

/** LFW's pairs and the file they come from. */
export interface PairFile {
  readonly file: string;
  readonly folds: readonly (readonly Pair[])[];
}

/**
 * How well people are recognised: one division into gallery and queries, drawn by `seed`, and LFW's pairs where there are any.
 * @param features [n, d] of all images   @param store named in errors
 */
export function identityCell(
  features: Tensor,
  plan: EvaluationPlan,
  settings: ProbeSettings,
  pairs: PairFile | undefined,
  store: string,
  seed: number,
): ProbeCell {
  const start = performance.now();
  const rng = Random.fromSeed(seed).fork("cell");
  const division = divideByPerson(plan.images, settings.minImages, store, rng.fork("gallery"));
  const { correct, chance } = identify(features, plan.images, division);
  const mean = (values: readonly (boolean | number)[], chosen: readonly number[]) =>
    chosen.reduce((sum, q) => sum + Number(values[q]), 0) / chosen.length;
  const figures = withIntervals(
    (chosen) => ({ identification: mean(correct, chosen), chance: mean(chance, chosen) }),
    division.queries.map((i) => plan.images[i]!.person),
    settings.resamples,
    rng.fork("intervals"),
  );
  const all = pairs ? { ...figures, verification: verification(features, plan, pairs) } : figures;
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

/** Mean over folds; the interval is that of the folds' mean. */
function verification(features: Tensor, plan: EvaluationPlan, { file, folds }: PairFile): ProbeFigure {
  const { foldAccuracy } = verify(features, plan.images, folds, file);
  const n = foldAccuracy.length;
  const value = foldAccuracy.reduce((sum, fold) => sum + fold, 0) / n;
  const variance = foldAccuracy.reduce((sum, fold) => sum + (fold - value) ** 2, 0) / (n - 1);
  const reach = NORMAL_975 * Math.sqrt(variance / n);
  return { value, low: value - reach, high: value + reach };
}
