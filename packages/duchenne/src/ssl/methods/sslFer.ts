import { Generator } from "@duchenne/torch";
import { checkBackbone } from "../backbones/checkBackbone.ts";
import type { BackboneDefinition } from "../backbones/index.ts";
import { builtIn } from "../config/builtIn.ts";
import { COMPONENTS } from "../config/components.ts";
import type { PretrainConfig } from "../config/config.ts";
import { withDefaults } from "../config/defaults.ts";
import { METHOD_COMPONENTS } from "../config/presets.ts";
import { findFalseNegatives, maskFnLoss, ntXentLoss } from "../losses/index.ts";
import type { MethodContext, MethodDefinition } from "./definition.ts";
import { hardNegativeMask, neverFalseNegatives } from "./masks.ts";
import type { Method } from "./method.ts";
import { contrastiveNetwork } from "./networks.ts";

/** The settings that SSL-FER and SimCLR have. */
export const CONTRASTIVE_SETTINGS = [
  ...COMPONENTS,
  "timeAugSeconds",
  "timeAugWeighting",
  "hardNegSeconds",
  "hardNegWeight",
  "temperature",
  "decoupled",
  "projectionSize",
  "maskFnCount",
  "maskFnWeight",
  "maskFnRule",
] as const;
type ContrastiveSettings = Pick<PretrainConfig, (typeof CONTRASTIVE_SETTINGS)[number]>;

/** Options of `sslFer` and `simclr`; a setting that is absent has the paper's value. */
export type ContrastiveOptions = Partial<ContrastiveSettings> & { readonly backbone: BackboneDefinition };

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
  const settings = withDefaults(name, CONTRASTIVE_SETTINGS, given);
  const build = (context: MethodContext) => buildContrastive(backbone, settings, context);
  return builtIn({ name, backbone, settings, components: settings, sampling: settings, build });
}

function buildContrastive(
  backbone: BackboneDefinition,
  settings: ContrastiveSettings,
  { seed }: MethodContext,
): Method {
  const { temperature, hardNegWeight, maskFn, maskFnCount: count, maskFnWeight, maskFnRule } = settings;
  const network = contrastiveNetwork(backbone, settings.projectionSize, Generator.seeded(seed));
  return {
    network,
    encode: (images) => network.call(images),
    loss(embeddings, _targets, views) {
      const { device } = embeddings;
      const hardNegatives =
        views.layout === "quadruples"
          ? { mask: hardNegativeMask(views, device), weight: hardNegWeight }
          : undefined;
      const options = { temperature, decoupled: settings.decoupled, mix: views.mix, hardNegatives };
      if (!maskFn) return ntXentLoss(embeddings, options);
      const excluded = neverFalseNegatives(views, maskFnRule, device);
      const found = findFalseNegatives(views.features, views.hasFeature, { excluded, count });
      return maskFnLoss(embeddings, found, { ...options, weight: maskFnWeight });
    },
  };
}
