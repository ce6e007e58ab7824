/** Which rows' images one of several processes needs, to show its own. */
import type { Random } from "../../lib/random.ts";
import {
  type BatchShape,
  type BatchShare,
  positiveOffset,
  rowCount,
  rowsOfShare,
} from "../sampling/batch.ts";
import * as cutMix from "./cutMix.ts";
import type { ViewSettings } from "./settings.ts";

/** Rows of a batch, and CutMix's draws for the whole of it. */
export interface ViewRows {
  /** Shown to the network, block by block. */
  readonly own: readonly number[];
  /** Made into views, rising: `own`, and the positives whose patches they carry. */
  readonly needed: readonly number[];
  readonly patches: cutMix.CutMixDraw | undefined;
}

/** @param share undefined: all rows   @param rng the step's own stream */
export function viewRows(
  batch: BatchShape,
  settings: Pick<ViewSettings, "cutMix" | "cutMixAlpha" | "size">,
  share: BatchShare | undefined,
  rng: Random,
): ViewRows {
  const half = positiveOffset(batch);
  const { cutMix: isOn, cutMixAlpha, size } = settings;
  const patches = isOn ? cutMix.sample(half, size, cutMixAlpha, rng.fork("cutMix")) : undefined;
  const own = rowsOfShare(batch, share);
  if (own.length === rowCount(batch)) return { own, needed: own, patches };
  const partners = patches
    ? own.filter((row) => row >= half).map((row) => half + patches[row - half]!.partner)
    : [];
  return { own, needed: [...new Set([...own, ...partners])].sort((a, b) => a - b), patches };
}
