/** Writes stills of synthetic actors in the layouts of AffectNet, FER2013 and LFW. */
import { affectNetCsv, affectNetNpy } from "./affectNetStills.ts";
import { fer2013Csv, fer2013Folders } from "./fer2013Stills.ts";
import { createActor, type SynthPlan } from "./film/film.ts";
import { lfwWriter } from "./lfwStills.ts";
import type { StillLayout } from "./options.ts";
import { actorStills, type LayoutWriter } from "./still.ts";

const LAYOUTS: Readonly<Record<StillLayout, (out: string, plan: SynthPlan) => LayoutWriter>> = {
  "affectnet-csv": affectNetCsv,
  "affectnet-npy": affectNetNpy,
  "fer2013-csv": fer2013Csv,
  "fer2013-folders": fer2013Folders,
  lfw: lfwWriter,
};

/** Writes the stills of a whole data set. @param onActor called after each actor   @param signal stops after the current still */
export async function writeStills(
  plan: SynthPlan,
  layout: StillLayout,
  out: string,
  onActor: (result: { readonly frames: number; readonly skippedClips: number }) => void,
  signal?: AbortSignal,
): Promise<void> {
  const writer = LAYOUTS[layout](out, plan);
  for (let index = 0; index < plan.actors; index += 1) {
    if (writer.isDone?.(createActor(plan, index))) {
      onActor({ frames: 0, skippedClips: plan.clips });
      continue;
    }
    let frames = 0;
    for (const still of actorStills(plan, index)) {
      signal?.throwIfAborted();
      await writer.add(still);
      frames += 1;
    }
    onActor({ frames, skippedClips: 0 });
  }
  writer.finish();
}
