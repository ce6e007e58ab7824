import { type Generator, nn } from "@duchenne/torch";

const { Dropout, Linear, ReLU, Sequential } = nn;

export interface PredictorOptions {
  readonly dropout: number;
  /** Draws the first weights. */
  readonly init: Generator;
  /** Draws what is dropped, on the device where the predictor works. */
  readonly drop: Generator;
}

/**
 * The paper's 3-layer predictor: pooled features [n, d] to [n, outputs], through d/2 and d/4. Between the last two layers
 * there is no ReLU, as the paper has it.
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
