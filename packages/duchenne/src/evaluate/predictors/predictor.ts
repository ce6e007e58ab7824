/** The paper's predictor. */
import { type Generator, nn } from "@duchenne/torch";

const { Dropout, Linear, ReLU, Sequential } = nn;

/** Options of `buildPredictor`. */
export interface PredictorOptions {
  /** Probability. */
  readonly dropout: number;
  /** Draws the first weights. */
  readonly init: Generator;
  /** Draws dropout, on the device of the predictor. */
  readonly drop: Generator;
}

/**
 * Builds the paper's 3-layer predictor: pooled features [n, d] to outputs [n, outputs], through d/2 and d/4. As in the paper, there is
 * no ReLU between the last two layers.
 * @param d number of features   @param outputs number of outputs
 * @see Shu et al. 2022, arXiv:2210.03853
 */
export function buildPredictor(d: number, outputs: number, options: PredictorOptions): nn.Module {
  const drop = () => new Dropout(options.dropout, { generator: options.drop });
  const linear = (from: number, to: number) => new Linear(from, to, { generator: options.init });
  const [half, quarter] = [Math.max(1, d >> 1), Math.max(1, d >> 2)];
  return new Sequential(
    new ReLU(),
    drop(),
    linear(d, half),
    new ReLU(),
    drop(),
    linear(half, quarter),
    drop(),
    linear(quarter, outputs),
  );
}
