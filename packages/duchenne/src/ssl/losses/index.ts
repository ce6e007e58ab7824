export { balancedSoftmaxLoss } from "./balancedSoftmax.ts";
export { byolLoss } from "./byol.ts";
export { cccLoss } from "./ccc.ts";
export type { ContrastiveLoss, WeightedFalseNegatives } from "./contrast.ts";
export {
  type FalseNegativeCandidates,
  type FalseNegatives,
  findFalseNegatives,
  findFalseNegativesByGeometry,
} from "./falseNegatives.ts";
export type { HardNegatives } from "./hardNegatives.ts";
export { type InfoNceOptions, infoNceLoss } from "./infoNce.ts";
export { type MaskFnOptions, maskFnLoss } from "./maskFn.ts";
export { findNeighbours, type Neighbours, type Remembered, type WeightedNeighbours } from "./neighbours.ts";
export { type NtXentOptions, ntXentLoss } from "./ntXent.ts";
export type { Mix } from "./positivePairs.ts";
