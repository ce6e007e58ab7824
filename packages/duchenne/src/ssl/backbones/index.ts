import { ArgumentError, type nn, type Tensor } from "@duchenne/torch";
import type { Init } from "./residual.ts";
import { ResNet, type ResNetName } from "./resnet.ts";
import { TinyResNet } from "./tiny.ts";

/** A network that turns images into pooled features, without a classifier. */
export type Backbone = nn.Module & {
  /** Numbers per image. */
  readonly features: number;
  /** Applied one after the other they give [n, features, 1, 1]. */
  readonly layers: readonly nn.Module[];
  /** [n, 3, h, w] to [n, features]. */
  embed(images: Tensor): Tensor;
};

export type BackboneName = "tiny" | ResNetName;

/** Every backbone by its name; a new one is a line here. ResNets have torchvision's names and lack `fc`. */
export const BACKBONES: Readonly<Record<BackboneName, (init?: Init) => Backbone>> = {
  tiny: (init) => new TinyResNet(init),
  resnet18: (init) => new ResNet("resnet18", { numClasses: 0, ...init }),
  resnet34: (init) => new ResNet("resnet34", { numClasses: 0, ...init }),
  resnet50: (init) => new ResNet("resnet50", { numClasses: 0, ...init }),
  resnet101: (init) => new ResNet("resnet101", { numClasses: 0, ...init }),
};

/**
 * A backbone with fresh weights.
 * @param name a key of BACKBONES
 * @throws ArgumentError, listing the names there are, for another
 */
export function buildBackbone(name: string, init: Init = {}): Backbone {
  if (!Object.hasOwn(BACKBONES, name))
    throw new ArgumentError("buildBackbone", "name", Object.keys(BACKBONES).join(", "), name);
  return BACKBONES[name as BackboneName](init);
}
