import { type Device, Generator, nn, type Tensor, tensor } from "@duchenne/torch";
import { checkBackbone } from "../backbones/checkBackbone.ts";
import type { BackboneDefinition } from "../backbones/index.ts";
import { builtIn } from "../config/builtIn.ts";
import { COMPONENTS } from "../config/components.ts";
import type { PretrainConfig } from "../config/config.ts";
import { withDefaults } from "../config/defaults.ts";
import { METHOD_COMPONENTS } from "../config/presets.ts";
import { findFalseNegatives, findNeighbours, maskFnLoss, ntXentLoss } from "../losses/index.ts";
import { positiveOffset, rowCount } from "../sampling/batch.ts";
import type { ViewBatch } from "../views/viewBatch.ts";
import type { MethodContext, MethodDefinition } from "./definition.ts";
import { hardNegativeMask, neverFalseNegatives } from "./masks.ts";
import type { Method } from "./method.ts";
import { NEIGHBOUR_QUEUE, NeighbourQueue } from "./neighbourQueue.ts";
import { contrastiveNetwork, type EmbeddingNetwork } from "./networks.ts";

/** The settings that all methods with negatives have. */
export const CONTRASTIVE_SETTINGS = [
  ...COMPONENTS,
  "timeAugSeconds",
  "timeAugWeighting",
  "hardNegSeconds",
  "hardNegWarp",
  "hardNegWeight",
  "temperature",
  "decoupled",
  "projectionSize",
  "maskFnCount",
  "maskFnWeight",
  "maskFnRule",
] as const;
/** The settings that SSL-FER and SimCLR have. */
export const ROW_SETTINGS = [...CONTRASTIVE_SETTINGS, "neighbourWeight", "neighbourQueue"] as const;
type RowSettings = Pick<PretrainConfig, (typeof ROW_SETTINGS)[number]>;

/** Options of `sslFer` and `simclr`; a setting that is absent has the paper's value. */
export type ContrastiveOptions = Partial<RowSettings> & { readonly backbone: BackboneDefinition };

/**
 * SSL-FER: NT-Xent among the rows of a batch, with TimeAug, HardNeg, FaceSwap and MaskFN, each of which can be switched off.
 * @throws ConfigError for an unknown option or a value out of range
 * @see Shu et al. 2022, arXiv:2210.03853
 */
export const sslFer = (options: ContrastiveOptions): MethodDefinition =>
  contrastive("ssl-fer", { ...METHOD_COMPONENTS["ssl-fer"], ...options });

/**
 * SimCLR: NT-Xent between two views of the same frame. SSL-FER's components can be switched on one by one.
 * @throws ConfigError for an unknown option or a value out of range
 * @see Chen et al. 2020, arXiv:2002.05709
 */
export const simclr = (options: ContrastiveOptions): MethodDefinition => contrastive("simclr", options);

function contrastive(
  name: "ssl-fer" | "simclr",
  { backbone, ...given }: ContrastiveOptions,
): MethodDefinition {
  checkBackbone(name, backbone);
  const settings = withDefaults(name, ROW_SETTINGS, given);
  const build = (context: MethodContext) => buildContrastive(backbone, settings, context);
  return builtIn({ name, backbone, settings, components: settings, sampling: settings, build });
}

function buildContrastive(
  backbone: BackboneDefinition,
  settings: RowSettings,
  { seed }: MethodContext,
): Method {
  const { temperature, hardNegWeight, maskFn, maskFnCount: count, maskFnWeight, maskFnRule } = settings;
  const online = contrastiveNetwork(backbone, settings.projectionSize, Generator.seeded(seed));
  const queue = queueOf(settings);
  return {
    network: queue ? new NetworkWithQueue(online, queue) : online,
    encode: (images) => online.call(images),
    loss(embeddings, _targets, views) {
      const { device } = embeddings;
      const hardNegatives =
        views.layout === "quadruples"
          ? { mask: hardNegativeMask(views, device), weight: hardNegWeight * (views.strength ?? 1) }
          : undefined;
      const neighbours = queue && {
        ...findNeighbours(embeddings, personsOfRows(views, rowCount(views), device), queue),
        weight: settings.neighbourWeight,
      };
      const { decoupled } = settings;
      const options = { temperature, decoupled, mix: views.mix, hardNegatives, neighbours };
      if (!maskFn) return ntXentLoss(embeddings, options);
      const excluded = neverFalseNegatives(views, maskFnRule, device);
      const found = findFalseNegatives(views.features, views.hasFeature, { excluded, count });
      return maskFnLoss(embeddings, found, { ...options, weight: maskFnWeight });
    },
    ...(queue && { afterStep: rememberAnchors(queue) }),
  };
}

const queueOf = ({ neighbourWeight, neighbourQueue, projectionSize }: RowSettings) =>
  neighbourWeight > 0 ? new NeighbourQueue(neighbourQueue, projectionSize) : undefined;

/** `backbone.*`, `projection.*` and NNCLR's queue. */
class NetworkWithQueue extends nn.Module {
  constructor(
    readonly online: EmbeddingNetwork,
    queue: NeighbourQueue,
  ) {
    super();
    this.child("backbone", online.backbone);
    this.child("projection", online.projection);
    this.child(NEIGHBOUR_QUEUE, queue);
  }

  override forward(images: Tensor): Tensor {
    return this.online.call(images);
  }
}

/** Of each clip its anchors alone: a positive may carry another person's face. */
function rememberAnchors(queue: NeighbourQueue): NonNullable<Method["afterStep"]> {
  return (_targets, views, _progress, embeddings) => {
    const half = positiveOffset(views);
    queue.enqueue(embeddings.at([0, half]), personsOfRows(views, half, embeddings.device));
  };
}

/** [count] int64: who is seen in each of the first rows. Views that do not say count each clip of the batch as somebody new. */
function personsOfRows({ clips, persons }: ViewBatch, count: number, device: Device): Tensor {
  const rows = BigInt64Array.from({ length: count }, (_, row) =>
    BigInt(persons?.[row % clips] ?? row % clips),
  );
  return tensor(rows, { device });
}
