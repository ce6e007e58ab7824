/** The native addon as TypeScript sees it. Its functions check their arguments; those that give a promise run on the thread pool. */

import { openAddon } from "@duchenne/addon";
import { faceAddon } from "../../scripts/addon.mjs";
import { FaceError } from "../errors.ts";

declare const predictorBrand: unique symbol;
/** A loaded shape predictor; opaque. */
export interface NativePredictor {
  readonly [predictorBrand]: true;
}

/** Functions of the native addon. */
export interface FaceAddon {
  loadPredictor(path: string): Promise<NativePredictor>;
  /** @param scan left, top, right, bottom, scale, threshold, levels   @returns [n, 5] left, top, right, bottom, score */
  detect(grey: Uint8Array, width: number, height: number, scan: Float64Array): Promise<Float64Array>;
  /** @param boxes [n, 4] left, top, right, bottom, inclusive   @returns [n, 136] x0, y0, ... */
  landmarks(
    predictor: NativePredictor,
    grey: Uint8Array,
    width: number,
    height: number,
    boxes: Float64Array,
  ): Promise<Float32Array>;
  /** See `AxisTaps` of @duchenne/crop. @returns [size, size, 3] */
  resample(
    rgb: Uint8Array,
    width: number,
    height: number,
    size: number,
    positionsX: Int32Array,
    weightsX: Float64Array,
    positionsY: Int32Array,
    weightsY: Float64Array,
  ): Uint8Array;
  /** @param a [32, 32, 4]   @param b [32, 32, 4]   @returns 0 for equal pictures, up to about 4 */
  unlikeness(a: Uint8Array, b: Uint8Array): number;
  /**
   * Keeps node-av from crashing the process when its thread is terminated; see termination_guard.h.
   * @param path of node-av.node   @returns number of its imports that were redirected
   */
  guardTermination(path: string): number;
}

let addon: FaceAddon | undefined;
let failure: FaceError | undefined;

/** Opens the addon, and builds it first if it is not built. @throws FaceError if it cannot be built or does not load */
export function loadAddon(): FaceAddon {
  // A failure is final: each try takes long.
  if (failure) throw failure;
  try {
    addon ??= openAddon(faceAddon).exports as FaceAddon;
    return addon;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    failure = new FaceError(
      "native addon",
      "one that is built for this machine",
      reason,
      "`npx duchenne doctor` says what is missing.",
      { cause: error },
    );
    throw failure;
  }
}
