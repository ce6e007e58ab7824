/** Learn facial expression from unlabeled face video. */

export { RESNETS, ResNet, type ResNetName, type ResNetOptions } from "./backbones/resnet.ts";
export * from "./datasets/index.ts";
export * from "./prepare/index.ts";
export * from "./store/index.ts";
