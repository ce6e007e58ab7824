/** Accuracy by the brightness of the picture: a first check of whether a model serves some people worse. */
import type { FrameStore } from "../../data/store/index.ts";
import { type ScoredFigure, scoreAccuracy } from "./figures.ts";
import type { LabelledFace } from "./labelledFaces.ts";

/** Weights of red, green and blue in luma. @see ITU-R BT.601 */
const LUMA = [0.299, 0.587, 0.114] as const;

const THIRDS = ["darkest third", "middle third", "brightest third"] as const;

/** Accuracy of one third of the faces, ordered by the mean luma of their crops. */
export interface BrightnessScore {
  readonly group: (typeof THIRDS)[number];
  /** Least and greatest mean luma of the group, 0 to 255. */
  readonly luma: readonly [least: number, greatest: number];
  readonly images: number;
  readonly accuracy: ScoredFigure;
}

/**
 * Scores thirds of the faces by brightness. Brightness mixes light, camera and skin: it shows a difference, and not its reason.
 * @param correct [n] whether each face's expression was found   @returns none for fewer than three faces
 */
export function scoreByBrightness(
  store: FrameStore,
  faces: readonly LabelledFace[],
  correct: readonly boolean[],
): BrightnessScore[] {
  if (faces.length < THIRDS.length) return [];
  const luma = faces.map(({ key }) => meanLuma(store.readFrames([key])));
  const order = [...faces.keys()].sort((a, b) => luma[a]! - luma[b]! || a - b);
  return THIRDS.map((group, i) => {
    const bound = (third: number) => Math.round((third * faces.length) / THIRDS.length);
    const chosen = order.slice(bound(i), bound(i + 1));
    return {
      group,
      luma: [luma[chosen[0]!]!, luma[chosen.at(-1)!]!],
      images: chosen.length,
      accuracy: scoreAccuracy(
        chosen.map((face) => correct[face]!),
        chosen.map((face) => faces[face]!.person),
      ),
    };
  });
}

/** @param pixels [h, w, 3] RGB */
function meanLuma(pixels: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum += pixels[i]! * LUMA[i % 3]!;
  return Number(((3 * sum) / pixels.length).toFixed(1));
}
