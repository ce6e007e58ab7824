// What a backbone may learn beside the contrast of embeddings: the geometry of expressions, and to forget who is seen.
import { type Device, type Generator, nn, noGrad, ops, type Tensor, tensor } from "@duchenne/torch";
import { GEOMETRY_LENGTH } from "../features/expressionGeometry.ts";
import { positiveOffset } from "../sampling/batch.ts";
import { geometryOf, type ViewBatch } from "../views/viewBatch.ts";
import type { LossResult } from "./method.ts";
import { EmbeddingNetwork } from "./networks.ts";

/** So that a batch without landmarks costs nothing. */
const SMALLEST_SHARE = 1e-6;

/** Weights of the heads; 0: off. */
export interface HeadWeights {
  readonly geometryWeight: number;
  readonly adversaryWeight: number;
}

/** `backbone.*` and `projection.*`, and the heads `geometry.*` and `adversary.*` on the backbone's features. */
export class NetworkWithHeads extends EmbeddingNetwork {
  readonly geometry: nn.Linear | undefined;
  readonly adversary: nn.Linear | undefined;

  /** @param people that the adversary tells apart   @param generator draws the heads' weights */
  constructor(
    { backbone, projection }: EmbeddingNetwork,
    { geometryWeight, adversaryWeight }: HeadWeights,
    people: number,
    generator: Generator,
  ) {
    super(backbone, projection);
    const head = (outputs: number) => new nn.Linear(backbone.features, outputs, { generator });
    this.geometry = geometryWeight > 0 ? head(GEOMETRY_LENGTH) : undefined;
    this.adversary = adversaryWeight > 0 ? head(people) : undefined;
  }

  /** Those that are on, by their names. */
  heads(): Readonly<Record<string, nn.Linear>> {
    const { geometry, adversary } = this;
    return { ...(geometry && { geometry }), ...(adversary && { adversary }) };
  }

  /** @returns [n, dim + GEOMETRY_LENGTH + people], of the heads that are on */
  override forward(images: Tensor): Tensor {
    const features = this.backbone.embed(images);
    const outputs = [this.projection.call(features)];
    if (this.geometry) outputs.push(this.geometry.call(features));
    if (this.adversary) outputs.push(this.adversary.call(againstGradient(features)));
    return ops.cat(outputs, 1);
  }
}

/**
 * The same numbers, whose gradient goes back with the other sign: what is before them unlearns what is after them learns.
 * @see Ganin and Lempitsky 2015, arXiv:1409.7495
 */
function againstGradient(features: Tensor): Tensor {
  return features.detach().mul(2).sub(features);
}

/**
 * Adds what the heads' outputs cost to a contrastive loss.
 * @param outputs [rows, GEOMETRY_LENGTH + people], of the heads that are on
 * @returns the loss; `lossGeometry`, the mean squared error of faces with landmarks, with CutMix by the share of its image that is a face's own; `lossAdversary`, the cross-entropy of people, and
 * `peopleRecognised`, the share of anchors whose person the adversary names
 */
export function withHeads(
  contrast: LossResult,
  outputs: Tensor,
  views: ViewBatch,
  { geometryWeight, adversaryWeight }: HeadWeights,
): LossResult {
  let { loss, figures } = contrast;
  if (geometryWeight > 0) {
    const { values, has } = geometryOf(views);
    const errors = ops.square(ops.narrow(outputs, 1, 0, GEOMETRY_LENGTH).sub(values)).mean(1);
    const known = ownShares(views, has).to({ dtype: errors.dtype });
    const lossGeometry = errors.mul(known).sum().div(known.sum().clamp(SMALLEST_SHARE));
    loss = loss.add(lossGeometry.mul(geometryWeight));
    figures = { ...figures, lossGeometry: lossGeometry.detach() };
  }
  if (adversaryWeight > 0) {
    const first = geometryWeight > 0 ? GEOMETRY_LENGTH : 0;
    // Anchors alone: a positive may carry another person's face.
    const anchors = ops.narrow(outputs, 0, 0, positiveOffset(views));
    const logits = ops.narrow(anchors, 1, first, outputs.size(1) - first);
    const persons = personsOfRows(views, positiveOffset(views), outputs.device);
    const lossAdversary = ops.crossEntropy(logits, persons);
    const peopleRecognised = noGrad(() => logits.argmax(1).eq(persons).to({ dtype: "float32" }).mean());
    loss = loss.add(lossAdversary.mul(adversaryWeight));
    figures = { ...figures, lossAdversary: lossAdversary.detach(), peopleRecognised };
  }
  return { loss, figures };
}

/** [rows] of the rows with landmarks, the share of the image that is the row's own face: CutMix's positives carry patches of others. */
function ownShares({ mix }: ViewBatch, has: Tensor): Tensor {
  if (!mix) return has.to({ dtype: "float32" });
  const { kept } = mix;
  return ops.cat([ops.onesLike(kept), kept]).mul(has.to({ dtype: kept.dtype }));
}

/** [count] int64: who is seen in each of the first rows. Views that do not say count each clip of the batch as somebody new. */
export function personsOfRows({ clips, persons }: ViewBatch, count: number, device: Device): Tensor {
  const rows = BigInt64Array.from({ length: count }, (_, row) =>
    BigInt(persons?.[row % clips] ?? row % clips),
  );
  return tensor(rows, { device });
}
