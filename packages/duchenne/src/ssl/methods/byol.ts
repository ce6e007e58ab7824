import { Generator, nn, type Tensor } from "@duchenne/torch";
import { buildBackbone } from "../backbones/index.ts";
import { byolLoss } from "../losses/index.ts";
import { rowCount } from "../sampling/batch.ts";
import type { BuildSettings, Method } from "./method.ts";
import { asMomentumCopy, byolHead, EmbeddingNetwork, moveMomentumCopy } from "./networks.ts";

/** `backbone.*`, `projection.*`, `predictor.*`, and the copies of the first two under `momentum.*`. */
class ByolNetwork extends nn.Module {
  constructor(
    readonly online: EmbeddingNetwork,
    readonly predictor: nn.Module,
    readonly momentum: EmbeddingNetwork,
  ) {
    super();
    this.child("backbone", online.backbone);
    this.child("projection", online.projection);
    this.child("predictor", predictor);
    this.child("momentum", momentum);
  }

  override forward(images: Tensor): Tensor {
    return this.predictor.call(this.online.call(images));
  }
}

/**
 * BYOL: each view's prediction meets the other view's embedding by a momentum copy of the network; nothing repels, so HardNeg
 * and MaskFN have nothing to act on. The copy runs in training mode with BatchNorm statistics of its own, as method.md has
 * it, and its momentum rises to 1 by a cosine over the run. Both views of a batch pass through BatchNorm together.
 * @see Grill et al. 2020, arXiv:2006.07733
 */
export function byol(settings: BuildSettings): Method {
  const network = buildNetwork(settings);
  const { online, momentum } = network;
  return {
    network,
    queryRows: (batch) => [0, rowCount(batch)],
    targetRows: (batch) => [0, rowCount(batch)],
    encode: (images) => network.call(images),
    target: (images) => momentum.call(images),
    loss: (embeddings, targets, { mix }) => byolLoss(embeddings, targets!, { mix }),
    afterStep(_targets, _views, progress) {
      moveMomentumCopy(momentum, online, momentumAt(progress, settings.byolMomentum));
    },
  };
}

/** From `start` to 1 as a run goes from 0 to 1. */
export function momentumAt(progress: number, start: number): number {
  return 1 - ((1 - start) * (Math.cos(Math.PI * progress) + 1)) / 2;
}

function buildNetwork(settings: BuildSettings): ByolNetwork {
  const { arch, projectionSize: dim, byolHiddenSize: hidden } = settings;
  const generator = Generator.seeded(settings.seed);
  const embedding = () => {
    const backbone = buildBackbone(arch, { generator });
    return new EmbeddingNetwork(backbone, byolHead(backbone.features, hidden, dim, generator));
  };
  const online = embedding();
  return new ByolNetwork(online, byolHead(dim, hidden, dim, generator), asMomentumCopy(embedding(), online));
}
