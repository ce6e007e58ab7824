import { arange, Generator, nn, ops, type Tensor, zeros } from "@duchenne/torch";
import { checkBackbone } from "../backbones/checkBackbone.ts";
import type { BackboneDefinition } from "../backbones/index.ts";
import { builtIn } from "../config/builtIn.ts";
import type { PretrainConfig } from "../config/config.ts";
import { withDefaults } from "../config/defaults.ts";
import { PRESETS } from "../config/presets.ts";
import { type FalseNegatives, mostSimilar } from "../losses/falseNegatives.ts";
import { infoNceLoss } from "../losses/index.ts";
import { positiveOffset, rowCount } from "../sampling/batch.ts";
import type { ViewBatch } from "../views/viewBatch.ts";
import type { MethodContext, MethodDefinition } from "./definition.ts";
import { type FaceFeatures, KeyQueue } from "./keyQueue.ts";
import type { Method } from "./method.ts";
import { asMomentumCopy, contrastiveNetwork, type EmbeddingNetwork, moveMomentumCopy } from "./networks.ts";
import { CONTRASTIVE_SETTINGS } from "./sslFer.ts";

/** The settings that MoCo-v2 has. */
export const MOCO_SETTINGS = [...CONTRASTIVE_SETTINGS, "queueSize", "mocoMomentum"] as const;
type MocoSettings = Pick<PretrainConfig, (typeof MOCO_SETTINGS)[number]>;

/** Options of `mocoV2`; a setting that is absent has the paper's value, or MoCo-v2's own. */
export type MocoOptions = Partial<MocoSettings> & { readonly backbone: BackboneDefinition };

/** `backbone.*`, `projection.*`, their copies under `momentum.*`, and `queue.*`. */
class MocoNetwork extends nn.Module {
  constructor(
    readonly online: EmbeddingNetwork,
    readonly momentum: EmbeddingNetwork,
    readonly queue: KeyQueue,
  ) {
    super();
    this.child("backbone", online.backbone);
    this.child("projection", online.projection);
    this.child("momentum", momentum);
    this.child("queue", queue);
  }

  override forward(images: Tensor): Tensor {
    return this.online.call(images);
  }
}

/**
 * MoCo-v2: queries against keys of earlier batches, which a momentum copy of the network made. Queries are the anchors'
 * blocks, keys the positives'. HardNeg adds to each query's negatives the key of its clip's other positive; MaskFN searches
 * the queue by the eye+mouth features kept beside its keys (with the published code's rule the hard negative too). The queue
 * does not know clips: an older key of a query's own clip is a negative, and a candidate, like any other's. A key mixed by
 * CutMix is remembered with the feature of the face it mostly shows, its own.
 *
 * The momentum copy keeps BatchNorm statistics of its own, from its own training-mode passes, as MoCo's does. MoCo shuffles
 * BatchNorm between GPUs, since a query and its key in one BatchNorm batch leak each other; here keys pass through the copy in
 * a batch of their own on one device and are not shuffled.
 * @throws ConfigError for an unknown option or a value out of range
 * @see He et al. 2020, arXiv:1911.05722; Chen et al. 2020, arXiv:2003.04297
 */
export function mocoV2({ backbone, ...given }: MocoOptions): MethodDefinition {
  checkBackbone("moco-v2", backbone);
  const settings = withDefaults("moco-v2", MOCO_SETTINGS, given, PRESETS.paper.ofMethod["moco-v2"]);
  const build = (context: MethodContext) => buildMoco(backbone, settings, context);
  return builtIn({ name: "moco-v2", backbone, settings, components: settings, sampling: settings, build });
}

function buildMoco(backbone: BackboneDefinition, settings: MocoSettings, context: MethodContext): Method {
  const network = buildNetwork(backbone, settings, context);
  const { online, momentum, queue } = network;
  return {
    network,
    queryRows: (batch) => [0, positiveOffset(batch)],
    targetRows: (batch) => [positiveOffset(batch), rowCount(batch)],
    encode: (images) => online.call(images),
    target: (images) => momentum.call(images),
    loss(embeddings, targets, views) {
      const { temperature, decoupled, hardNegWeight, maskFnWeight } = settings;
      const mask = views.layout === "quadruples" ? otherKeyOfClip(views) : undefined;
      const hardNegatives = mask && { mask, weight: hardNegWeight * (views.strength ?? 1) };
      const found = searchQueue(views, queue, settings, mask);
      const falseNegatives = found && { ...found, weight: maskFnWeight };
      const options = { temperature, decoupled, hardNegatives, falseNegatives, mix: views.mix };
      return infoNceLoss(embeddings, targets!, queue.keys, options);
    },
    afterStep(targets, views) {
      moveMomentumCopy(momentum, online, settings.mocoMomentum);
      queue.enqueue(targets!, keyFaces(views));
    },
  };
}

function buildNetwork(
  backbone: BackboneDefinition,
  { projectionSize: dim, queueSize: size, maskFn }: MocoSettings,
  { seed, featureLength }: MethodContext,
): MocoNetwork {
  const generator = Generator.seeded(seed);
  const online = contrastiveNetwork(backbone, dim, generator);
  const momentum = asMomentumCopy(contrastiveNetwork(backbone, dim, generator), online);
  const queue = new KeyQueue({ size, dim, featureLength: maskFn ? featureLength : null }, generator);
  return new MocoNetwork(online, momentum, queue);
}

/** Keys of a batch are the positives' blocks. */
function keyFaces(views: ViewBatch): FaceFeatures {
  const half = positiveOffset(views);
  return { features: views.features.at([half]), hasFeature: views.hasFeature.at([half]) };
}

/** [n, n] bool: query i is repelled by the key of its clip's other positive. */
function otherKeyOfClip(views: ViewBatch): Tensor {
  const count = positiveOffset(views);
  const row = arange(0, count, 1, { device: views.images.device });
  const other = row.add(views.clips).remainder(count);
  return other.unsqueeze(1).eq(row.unsqueeze(0));
}

/** MaskFN's false negatives among keys of the batch (columns 0 … n−1) and of the queue (the columns after). */
function searchQueue(
  views: ViewBatch,
  queue: KeyQueue,
  { maskFnCount, maskFnRule }: MocoSettings,
  hardNegatives?: Tensor,
): FalseNegatives | undefined {
  const { faces } = queue;
  if (!faces) return undefined;
  const [half, keys] = [positiveOffset(views), keyFaces(views)];
  const features = views.features.at([0, half]);
  const similarity = [keys, faces].map((side) => features.matmul(side.features.t()));
  const mayBeFound =
    hardNegatives && maskFnRule === "published-code" ? hardNegatives : noneOfBatch(half, features.device);
  const known = views.hasFeature.at([0, half]).unsqueeze(1);
  const candidates = [
    ops.logicalAnd(mayBeFound, keys.hasFeature.unsqueeze(0)),
    faces.hasFeature.unsqueeze(0).expand(half, -1),
  ];
  const among = ops.logicalAnd(ops.cat(candidates, 1), known);
  return mostSimilar(ops.cat(similarity, 1), among, maskFnCount);
}

function noneOfBatch(count: number, device: string): Tensor {
  return zeros([count, count], { dtype: "bool", device });
}
