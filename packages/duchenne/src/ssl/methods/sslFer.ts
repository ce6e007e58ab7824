import { type Device, Generator, nn, ops, type Tensor } from "@duchenne/torch";
import { ConfigError, setting, settingText } from "../../lib/errors.ts";
import { checkBackbone } from "../backbones/checkBackbone.ts";
import type { BackboneDefinition } from "../backbones/index.ts";
import { builtIn } from "../config/builtIn.ts";
import { COMPONENTS } from "../config/components.ts";
import type { PretrainConfig } from "../config/config.ts";
import { withDefaults } from "../config/defaults.ts";
import { METHOD_COMPONENTS } from "../config/presets.ts";
import {
  type FalseNegatives,
  findFalseNegatives,
  findFalseNegativesByGeometry,
  findNeighbours,
  maskFnLoss,
  ntXentLoss,
} from "../losses/index.ts";
import { positiveOffset, rowCount } from "../sampling/batch.ts";
import { geometryOf, type ViewBatch } from "../views/viewBatch.ts";
import type { MethodContext, MethodDefinition } from "./definition.ts";
import { NetworkWithHeads, personsOfRows, withHeads } from "./furtherHeads.ts";
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
export const ROW_SETTINGS = [
  ...CONTRASTIVE_SETTINGS,
  "maskFnFeature",
  "neighbourWeight",
  "neighbourQueue",
  "geometryWeight",
  "adversaryWeight",
] as const;
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
  const usesGeometry =
    settings.geometryWeight > 0 || (settings.maskFn && settings.maskFnFeature !== "eyes-mouth");
  return builtIn({ name, backbone, settings, components: settings, sampling: settings, usesGeometry, build });
}

function buildContrastive(
  backbone: BackboneDefinition,
  settings: RowSettings,
  context: MethodContext,
): Method {
  const { projectionSize } = settings;
  const { online, queue, network } = networksOf(backbone, settings, context);
  const contrast = contrastOf(settings, queue);
  const remember = queue && { afterStep: rememberAnchors(queue) };
  if (!(online instanceof NetworkWithHeads))
    return { network, encode: (images) => online.call(images), loss: contrast, ...remember };
  return {
    network,
    embeddingSize: projectionSize,
    encode: (images) => online.call(images),
    loss(outputs, targets, views) {
      const embeddings = ops.narrow(outputs, 1, 0, projectionSize);
      const further = ops.narrow(outputs, 1, projectionSize, outputs.size(1) - projectionSize);
      return withHeads(contrast(embeddings, targets, views), further, views, settings);
    },
    ...remember,
  };
}

function networksOf(
  backbone: BackboneDefinition,
  settings: RowSettings,
  { seed, people = 0 }: MethodContext,
) {
  const generator = Generator.seeded(seed);
  const plain = contrastiveNetwork(backbone, settings.projectionSize, generator);
  const { geometryWeight, adversaryWeight } = settings;
  if (adversaryWeight > 0 && people < 2) throw nobodyKnown(people);
  const online =
    geometryWeight > 0 || adversaryWeight > 0
      ? new NetworkWithHeads(plain, settings, people, generator)
      : plain;
  const queue = queueOf(settings);
  return { online, queue, network: queue ? new NetworkWithQueue(online, queue) : online };
}

const nobodyKnown = (people: number): ConfigError =>
  new ConfigError(
    setting("adversaryWeight"),
    "0, or a store that names at least two people",
    people === 0 ? "a store that names nobody" : "a store of one person",
    `Use ${settingText("adversaryWeight", 0)}.`,
  );

/** NT-Xent with the components that act on it. */
function contrastOf(settings: RowSettings, queue: NeighbourQueue | undefined): Method["loss"] {
  const { temperature, hardNegWeight, maskFn, maskFnWeight } = settings;
  return (embeddings, _targets, views) => {
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
    return maskFnLoss(embeddings, searchFalseNegatives(views, settings, device), {
      ...options,
      weight: maskFnWeight,
    });
  };
}

/** MaskFN's search among the rows of a batch. @throws ArgumentError if it goes by geometry, and the views have none */
export function searchFalseNegatives(
  views: ViewBatch,
  {
    maskFnFeature,
    maskFnCount: count,
    maskFnRule,
  }: Pick<PretrainConfig, "maskFnFeature" | "maskFnCount" | "maskFnRule">,
  device: Device,
): FalseNegatives {
  const { features, hasFeature } = views;
  const candidates = { excluded: neverFalseNegatives(views, maskFnRule, device), count };
  if (maskFnFeature === "eyes-mouth") return findFalseNegatives(features, hasFeature, candidates);
  const beside = maskFnFeature === "both" ? features : undefined;
  return findFalseNegativesByGeometry(geometryOf(views), hasFeature, candidates, beside);
}

const queueOf = ({ neighbourWeight, neighbourQueue, projectionSize }: RowSettings) =>
  neighbourWeight > 0 ? new NeighbourQueue(neighbourQueue, projectionSize) : undefined;

/** `backbone.*`, `projection.*`, further heads, and NNCLR's queue. */
class NetworkWithQueue extends nn.Module {
  constructor(
    readonly online: EmbeddingNetwork,
    queue: NeighbourQueue,
  ) {
    super();
    this.child("backbone", online.backbone);
    this.child("projection", online.projection);
    if (online instanceof NetworkWithHeads)
      for (const [name, head] of Object.entries(online.heads())) this.child(name, head);
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
