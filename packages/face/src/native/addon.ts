/** The native addon as TypeScript sees it. Its functions check their arguments; those that give a promise run on the thread pool. */

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
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
  /** Keeps node-av from aborting the process when its thread is terminated. @returns number of calls redirected; see unthrowable.h */
  dropUnthrowableErrors(): number;
}

const ADDON_FILE = fileURLToPath(new URL("../../build/Release/face.node", import.meta.url));
let addon: FaceAddon | undefined;

/** @throws FaceError if the addon was not built or does not load */
export function loadAddon(): FaceAddon {
  try {
    addon ??= createRequire(import.meta.url)(ADDON_FILE) as FaceAddon;
    return addon;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0]! : String(error);
    const expected = ADDON_FILE;
    const remedy = "Build it with npm run build:native -w @duchenne/face.";
    throw new FaceError("native addon", expected, `${reason}. ${remedy}`, { cause: error });
  }
}
