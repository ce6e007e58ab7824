/** The images that teach without their label. */
import type { FrameStore } from "../../data/store/frameStore.ts";
import { parseSplit } from "../../lib/splitNames.ts";
import type { ProbeSettings } from "../schema/options.ts";
import type { ProbeImage } from "./readImages.ts";
import type { Splits } from "./splits.ts";

/**
 * Frame keys of the images that may be learned from without a label: the training split's, whose labels a budget may leave out, and
 * frames of the store without any expression label, of no person and no source that validates or tests. If persons are known of
 * those, frames of unknown people are left out, too, for they may show the same people.
 */
export function unlabelledKeys(
  store: FrameStore,
  images: readonly ProbeImage[],
  { train, validation, test }: Pick<Splits, "train" | "validation" | "test">,
  { framesPerClip }: Pick<ProbeSettings, "framesPerClip">,
): number[] {
  const held = [...validation, ...test].map((i) => images[i]!);
  const heldPersons = new Set(held.map(({ person }) => person).filter((person) => person !== null));
  const heldSources = new Set(held.map(({ source }) => source));
  const used = new Set(images.map(({ key }) => key));
  const others = store
    .clips()
    .filter(({ source, person, split }) => {
      const isHeld =
        heldSources.has(source) || (person === null ? heldPersons.size > 0 : heldPersons.has(person));
      return !isHeld && (split === null || parseSplit(split) === "train");
    })
    .flatMap(({ firstFrame, frameCount }) => {
      const keys = Array.from({ length: frameCount }, (_, i) => firstFrame + i);
      const isBare = store
        .readLabels(keys)
        .map(({ expression, votes }) => expression === undefined && !votes);
      const free = keys.filter((key, i) => isBare[i] && !used.has(key));
      const step = Math.max(1, free.length / framesPerClip);
      return Array.from({ length: Math.floor(free.length / step) }, (_, i) => free[Math.floor(i * step)]!);
    });
  return [...train.map((i) => images[i]!.key), ...others];
}
