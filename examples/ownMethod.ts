// A method of your own in one file: VICReg. npx tsx examples/ownMethod.ts films.store runs/vicreg
import { Generator, ops, type Tensor } from "@duchenne/torch";
import {
  adam,
  type BackboneDefinition,
  EmbeddingNetwork,
  faceViews,
  type MethodDefinition,
  positiveOffset,
  pretrain,
  projectionHead,
  tinyResNet,
  warmupCosine,
} from "duchenne/ssl";

interface VicRegOptions {
  readonly backbone: BackboneDefinition;
  /** Numbers per embedding. */
  readonly size?: number;
  readonly invariance?: number;
  readonly variance?: number;
  readonly covariance?: number;
}

/**
 * VICReg: two views agree, every number of the embedding varies, and no two numbers repeat each other.
 * @see Bardes, Ponce, LeCun 2022, arXiv:2105.04906
 */
function vicReg({
  backbone,
  size = 128,
  invariance = 25,
  variance = 25,
  covariance = 1,
}: VicRegOptions): MethodDefinition {
  return {
    name: "vicreg",
    backbone,
    settings: { size, invariance, variance, covariance },
    components: { timeAug: true, faceSwap: true },
    build({ seed }) {
      const generator = Generator.seeded(seed);
      const trunk = backbone.build({ generator });
      const network = new EmbeddingNetwork(trunk, projectionHead(trunk.features, size, generator));
      return {
        network,
        encode: (images) => network.call(images),
        loss(embeddings, _targets, views) {
          const half = positiveOffset(views);
          const [a, b] = [embeddings.at([0, half]), embeddings.at([half])];
          const agreement = ops.mseLoss(a, b);
          const spread = spreadLoss(a).add(spreadLoss(b));
          const redundancy = redundancyLoss(a).add(redundancyLoss(b));
          const loss = agreement.mul(invariance).add(spread.mul(variance)).add(redundancy.mul(covariance));
          return { loss, figures: { agreement: agreement.detach(), spread: spread.detach() } };
        },
      };
    },
  };
}

/** How far standard deviations are below 1, on average. @param x [n, d] */
function spreadLoss(x: Tensor): Tensor {
  const centred = x.sub(x.mean(0));
  const deviation = centred
    .pow(2)
    .sum(0)
    .div(x.size(0) - 1)
    .add(1e-4)
    .sqrt();
  return deviation.neg().add(1).clamp(0).mean();
}

/** Squared covariances off the diagonal, per number. @param x [n, d] */
function redundancyLoss(x: Tensor): Tensor {
  const [n, d] = x.shape as [number, number];
  const centred = x.sub(x.mean(0));
  const covariances = centred
    .t()
    .matmul(centred)
    .div(n - 1)
    .pow(2);
  const variances = centred
    .pow(2)
    .sum(0)
    .div(n - 1)
    .pow(2);
  return covariances.sum().sub(variances.sum()).div(d);
}

const [store = "films.store", out = "runs/vicreg", steps = "300"] = process.argv.slice(2);
const run = await pretrain({
  store,
  method: vicReg({ backbone: tinyResNet() }),
  views: faceViews({ size: 48 }),
  optimizer: adam({ learningRate: 1e-3 }),
  schedule: warmupCosine({ warmupSteps: 20 }),
  batch: 8,
  steps: Number(steps),
  out,
});
console.log(`${run.step} updates, loss ${run.loss?.toFixed(3)}: ${run.checkpoint}`);
