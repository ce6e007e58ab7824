/**
 * FaceSwap: the inner face of a positive is carried onto another person's face, so that positives share the expression and
 * not the identity. Runs on frames, before the views.
 * @module
 * @see Shu et al. 2022, arXiv:2210.03853
 */
export { apply } from "./faceSwap/apply.ts";
export { type Swap, type SwapDraw, type SwapFrames, sample } from "./faceSwap/sample.ts";
