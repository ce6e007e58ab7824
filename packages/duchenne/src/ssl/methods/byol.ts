import { Generator, nn, type Tensor } from "@duchenne/torch";
import { checkBackbone } from "../backbones/checkBackbone.ts";
import type { BackboneDefinition } from "../backbones/index.ts";
import { builtIn } from "../config/builtIn.ts";
import type { PretrainConfig } from "../config/config.ts";
import { withDefaults } from "../config/defaults.ts";
import { PRESETS } from "../config/presets.ts";
import { byolLoss } from "../losses/index.ts";
import { rowCount } from "../sampling/batch.ts";
import type { MethodContext, MethodDefinition } from "./definition.ts";
import type { Method } from "./method.ts";
import { asMomentumCopy, byolHead, EmbeddingNetwork, moveMomentumCopy } from "./networks.ts";

/** The settings that BYOL has; HardNeg and MaskFN are not among them, since nothing repels. */
export const BYOL_SETTINGS = [
  "timeAug",
  "faceSwap",
  "cutMix",
  "timeAugSeconds",
  "timeAugWeighting",
  "projectionSize",
  "byolMomentum",
  "byolHiddenSize",
] as const;
type ByolSettings = Pick<PretrainConfig, (typeof BYOL_SETTINGS)[number]>;

/** Options of `byol`; a setting that is absent has the paper's value, or BYOL's own. */
export type ByolOptions = Partial<ByolSettings> & { readonly backbone: BackboneDefinition };

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
 * and MaskFN have nothing to act on. The copy runs in training mode with BatchNorm statistics of its own,
 * and its momentum rises to 1 by a cosine over the run. Both views of a batch pass through BatchNorm together.
 * @throws ConfigError for an unknown option or a value out of range
 * @see Grill et al. 2020, arXiv:2006.07733
 */
export function byol({ backbone, ...given }: ByolOptions): MethodDefinition {
  checkBackbone("byol", backbone);
  const settings = withDefaults("byol", BYOL_SETTINGS, given, PRESETS.paper.ofMethod.byol);
  const build = (context: MethodContext) => buildByol(backbone, settings, context);
  return builtIn({ name: "byol", backbone, settings, components: settings, sampling: settings, build });
}

function buildByol(backbone: BackboneDefinition, settings: ByolSettings, { seed }: MethodContext): Method {
  const network = buildNetwork(backbone, settings, Generator.seeded(seed));
  const { online, momentum } = network;
  return {
    network,
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

function buildNetwork(
  definition: BackboneDefinition,
  { projectionSize: dim, byolHiddenSize: hidden }: ByolSettings,
  generator: Generator,
): ByolNetwork {
  const embedding = () => {
    const backbone = definition.build({ generator });
    return new EmbeddingNetwork(backbone, byolHead(backbone.features, hidden, dim, generator));
  };
  const online = embedding();
  return new ByolNetwork(online, byolHead(dim, hidden, dim, generator), asMomentumCopy(embedding(), online));
}
