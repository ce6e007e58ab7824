/** The images that teach without their label. */
import type { FrameStore } from "../../data/store/frameStore.ts";
import { parseSplit } from "../../lib/splitNames.ts";
import type { ProbeSettings } from "../schema/options.ts";
import type { ProbeImage } from "./readImages.ts";
import type { Splits } from "./splits.ts";

/**
 * Frame keys of the images that may be learned from without a label: the training split's, whose labels a budget may leave out, and
 * those of the store that the task cannot use, of no person and no source that validates or tests.
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
      const isHeld = heldSources.has(source) || (person !== null && heldPersons.has(person));
      return !isHeld && (split === null || parseSplit(split) === "train");
    })
    .flatMap(({ firstFrame, frameCount }) => {
      const keys = Array.from({ length: frameCount }, (_, i) => firstFrame + i);
      const free = keys.filter((key) => !used.has(key));
      const step = Math.max(1, free.length / framesPerClip);
      return Array.from({ length: Math.floor(free.length / step) }, (_, i) => free[Math.floor(i * step)]!);
    });
  return [...train.map((i) => images[i]!.key), ...others];
}
