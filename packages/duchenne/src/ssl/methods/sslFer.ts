import { Generator } from "@duchenne/torch";
import { findFalseNegatives, maskFnLoss, ntXentLoss, otherRowsOfClip } from "../losses/index.ts";
import { rowCount } from "../sampling/batch.ts";
import type { BuildSettings, Method } from "./method.ts";
import { contrastiveNetwork } from "./networks.ts";

/**
 * SSL-FER: NT-Xent among the rows of a batch, with any of its pieces. TimeAug, HardNeg, FaceSwap and CutMix reach it through
 * the rows; MaskFN is searched and weighed here. With none of them it is SimCLR.
 * @see Shu et al. 2022, arXiv:2210.03853; Chen et al. 2020, arXiv:2002.05709
 */
export function sslFer(settings: BuildSettings): Method {
  const { temperature, hardNegWeight, maskFn, maskFnCount, maskFnWeight, maskFnRule } = settings;
  const generator = Generator.seeded(settings.seed);
  const network = contrastiveNetwork(settings.arch, settings.projectionSize, generator);
  return {
    network,
    queryRows: (batch) => [0, rowCount(batch)],
    encode: (images) => network.call(images),
    loss(embeddings, _targets, { features, hasFeature, clips, layout, mix }) {
      const hardNegatives =
        layout === "quadruples"
          ? { mask: otherRowsOfClip(clips, layout, embeddings.device), weight: hardNegWeight }
          : undefined;
      const options = { temperature, mix, hardNegatives };
      if (!maskFn) return ntXentLoss(embeddings, options);
      const found = findFalseNegatives(features, hasFeature, clips, layout, {
        count: maskFnCount,
        rule: maskFnRule,
      });
      return maskFnLoss(embeddings, found, { ...options, weight: maskFnWeight });
    },
  };
}
