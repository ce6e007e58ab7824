import { ArgumentError, type nn, type Tensor } from "@duchenne/torch";
import type { BackboneName } from "../config/config.ts";
import type { Init } from "./residual.ts";
import { ResNet, type ResNetName } from "./resnet.ts";
import { SlimResNet } from "./slim.ts";
import { TinyResNet } from "./tiny.ts";

/** A network that turns images into pooled features, without a classifier. */
export type Backbone = nn.Module & {
  /** Numbers per image. */
  readonly features: number;
  /** Modules that give [n, features, 1, 1] if they are applied one after the other. Only the export needs them. */
  readonly layers?: readonly nn.Module[];
  /** [n, 3, h, w] to [n, features]. */
  embed(images: Tensor): Tensor;
};

export type { BackboneName } from "../config/config.ts";

/** A backbone as a value: `resnet18()` gives one, and a backbone of your own is one too. */
export interface BackboneDefinition {
  /**
   * Recorded in the run's config.json as `arch`. Resuming, probing and exporting a run with a backbone of your own ask for the
   * definition of this name again; no built-in backbone has it.
   */
  readonly name: string;
  /** A network with fresh weights, drawn from `init.generator`. */
  build(init?: Init): Backbone;
}

const residual = (name: ResNetName): BackboneDefinition => ({
  name,
  build: (init) => new ResNet(name, { numClasses: 0, ...init }),
});

/** Every built-in backbone by its name; a new one is a line here. ResNets have torchvision's names and lack `fc`. */
export const BACKBONES: Readonly<Record<BackboneName, BackboneDefinition>> = {
  tiny: { name: "tiny", build: (init) => new TinyResNet(init) },
  slim: { name: "slim", build: (init) => new SlimResNet(init) },
  resnet18: residual("resnet18"),
  resnet34: residual("resnet34"),
  resnet50: residual("resnet50"),
  resnet101: residual("resnet101"),
};

/** A residual network of 192 features for 48 px faces on a CPU. */
export const tinyResNet = (): BackboneDefinition => BACKBONES.tiny;
/** A residual network of 384 features that sees the luminance of 48 px faces: the one of the model that ships. */
export const slimResNet = (): BackboneDefinition => BACKBONES.slim;
/** ResNet-18, 512 features. @see He et al. 2016, arXiv:1512.03385 */
export const resnet18 = (): BackboneDefinition => BACKBONES.resnet18;
/** ResNet-34, 512 features. @see He et al. 2016, arXiv:1512.03385 */
export const resnet34 = (): BackboneDefinition => BACKBONES.resnet34;
/** ResNet-50, 2048 features. @see He et al. 2016, arXiv:1512.03385 */
export const resnet50 = (): BackboneDefinition => BACKBONES.resnet50;
/** ResNet-101, 2048 features. @see He et al. 2016, arXiv:1512.03385 */
export const resnet101 = (): BackboneDefinition => BACKBONES.resnet101;

/** Whether a name is a built-in backbone's. */
export const isBackboneName = (name: string): name is BackboneName => Object.hasOwn(BACKBONES, name);

/**
 * A built-in backbone with fresh weights.
 * @throws ArgumentError, listing the names of BACKBONES, for another name
 */
export function buildBackbone(name: string, init: Init = {}): Backbone {
  if (!isBackboneName(name))
    throw new ArgumentError(
      "buildBackbone",
      "name",
      Object.keys(BACKBONES).join(", "),
      name,
      "Use one of these, or a definition of your own.",
    );
  return BACKBONES[name].build(init);
}
