/** A linear layer on standardised features. */
import { Generator, nn, noGrad, optim, scope, type Tensor } from "@duchenne/torch";
import type { YieldTurn } from "../../lib/yieldTurn.ts";
import { selectRows } from "../features/featureRows.ts";
import type { FitData } from "./fit.ts";

/** Penalties on the squared weights, per image; the validation split chooses one. */
const PENALTIES = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1] as const;
const STEPS = 300;
const LEARNING_RATE = 0.05;
/** Least standard deviation, so that a constant feature is not divided by 0. */
const LEAST_DEVIATION = 1e-6;

/** What `linearOutputs` gives. */
export interface LinearOutputs {
  /** [queries · outputs] */
  readonly outputs: Float32Array;
  /** Updates done for each penalty. */
  readonly steps: number;
  /** Validation score. */
  readonly score: number;
  /** Mean training loss after the last update. */
  readonly loss: number;
  /** The layer for features that are not standardised. The caller disposes it. */
  readonly layer: nn.Linear;
}

/**
 * Fits one linear layer to all training images at once: multinomial logistic regression, or regression with 1 − CCC. Adam with a
 * cosine schedule comes as near to the optimum as L-BFGS in these few dimensions.
 * @param features [n, d] of all images, standardised here by mean and deviation of the training images
 * @param outputs number of outputs   @param queries indices of the images to predict
 */
export async function linearOutputs(
  features: Tensor,
  outputs: number,
  data: FitData,
  queries: readonly number[],
  yieldTurn: YieldTurn,
  onStep: (step: number, total: number) => void,
): Promise<LinearOutputs> {
  const { train, validation, score } = data;
  const all = [train, validation, queries].map((part) => standardised(features, train, part));
  const results: LinearOutputs[] = [];
  for (const [p, penalty] of PENALTIES.entries()) {
    const layer = await solve(all[0]!, outputs, data, penalty, yieldTurn, (step) =>
      onStep(p * STEPS + step, PENALTIES.length * STEPS),
    );
    const [own, held, asked] = all.map((rows) => noGrad(() => layer.call(rows)));
    const scored = score(held!.toTypedArray() as Float32Array, validation);
    const loss = noGrad(() => scope(() => data.loss(own!, train).item()));
    const values = asked!.toTypedArray() as Float32Array;
    results.push({ outputs: values, steps: STEPS, score: scored, loss, layer });
    for (const rows of [own, held, asked]) rows!.dispose();
  }
  for (const rows of all) rows.dispose();
  const best = results.reduce((a, b) => (b.score > a.score || Number.isNaN(a.score) ? b : a));
  for (const { layer } of results) if (layer !== best.layer) layer.dispose();
  unstandardise(best.layer, features, train);
  return best;
}

/** Mean [d] and standard deviation [d] of each feature over the training images. */
function momentsOf(features: Tensor, train: readonly number[]): { mean: Tensor; deviation: Tensor } {
  const own = selectRows(features, train);
  return { mean: own.mean(0), deviation: own.std(0).clamp(LEAST_DEVIATION) };
}

function standardised(features: Tensor, train: readonly number[], part: readonly number[]): Tensor {
  return scope(() => {
    const { mean, deviation } = momentsOf(features, train);
    return selectRows(features, part).sub(mean).div(deviation);
  });
}

/** Folds the standardisation into the layer: W (x − μ) / σ + b = (W / σ) x + (b − (W / σ) μ). */
function unstandardise(layer: nn.Linear, features: Tensor, train: readonly number[]): void {
  scope(() =>
    noGrad(() => {
      const { mean, deviation } = momentsOf(features, train);
      layer.weight.copy_(layer.weight.div(deviation));
      layer.bias!.copy_(layer.bias!.sub(layer.weight.matmul(mean)));
    }),
  );
}

async function solve(
  rows: Tensor,
  outputs: number,
  { train, loss }: FitData,
  penalty: number,
  yieldTurn: YieldTurn,
  onStep: (step: number) => void,
): Promise<nn.Linear> {
  using generator = Generator.seeded(0);
  const layer = new nn.Linear(rows.size(1), outputs, { generator });
  layer.to({ device: rows.device });
  // The bias has no penalty.
  const optimizer = new optim.Adam(
    [{ parameters: [layer.weight], weightDecay: 2 * penalty }, { parameters: [layer.bias!] }],
    { lr: LEARNING_RATE },
  );
  const rate = optim.schedules.cosine(LEARNING_RATE, STEPS);
  for (let step = 0; step < STEPS; step++) {
    scope(() => {
      optimizer.setLearningRate(rate(step));
      optimizer.zeroGrad();
      loss(layer.call(rows), train).backward();
      optimizer.step();
    });
    onStep(step);
    await yieldTurn();
  }
  optimizer.dispose();
  return layer;
}
