import type { Feature } from "../../data/prepare/features.ts";
import { moduleBeside } from "../../lib/workers.ts";

/**
 * The published eye+mouth feature, for `prepare`: an ImageNet ResNet-18 over an eye crop (512 numbers) and a mouth crop
 * (512 numbers). Making the value does not load libtorch; the threads of `prepare` do.
 * @param weights path of torchvision's resnet18 weights, .pth or .safetensors
 * @see Shu et al. 2022, section 3.4
 */
export function resnetFeature(weights: string): Feature {
  return {
    kind: "resnet18",
    length: 1024,
    version: "resnet18-1",
    module: moduleBeside(import.meta.url, "resnetExtractor").href,
    weights,
  };
}
