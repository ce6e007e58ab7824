import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { saveWeights, scope } from "@duchenne/torch";
import { writeFolderAtomically } from "../../lib/files/atomicFolder.ts";
import { BatchLoader } from "../loader/index.ts";
import type { FrameBatch } from "../sampling/batch.ts";
import type { NonFiniteError } from "./errors.ts";
import { type Training, viewsOf } from "./trainer.ts";

/**
 * Saves the batch whose loss was no number, for inspection: batch.json names the frames, views.safetensors holds what the
 * network saw. Both are made anew from seed and step, so that nothing is held back for it while all is well.
 * @returns the folder, `nan-<step>` in the run's
 */
export async function saveNonFiniteBatch(
  { runFolder, plan, curriculum }: Pick<Training, "runFolder" | "plan" | "curriculum">,
  { step, what, value }: NonFiniteError,
): Promise<string> {
  const { identity, sampler } = plan.data;
  const folder = join(runFolder, `nan-${step}`);
  const loader = BatchLoader.open(identity.path, sampler, {
    ...{ workers: 0, startStep: step, endStep: step + 1 },
    ...(curriculum && { strengthOf: (of) => curriculum.strengthOf(of) }),
  });
  try {
    const batch = await loader.next();
    scope(() => {
      const { share: _, ...whole } = plan;
      const { images, features, hasFeature } = viewsOf(batch, whole);
      writeFolderAtomically(folder, (temporary) => {
        const about = { step, what, value: String(value), ...describe(batch) };
        writeFileSync(join(temporary, "batch.json"), `${JSON.stringify(about, null, 1)}\n`, { flush: true });
        const tensors = { images, features, has_feature: hasFeature };
        saveWeights(join(temporary, "views.safetensors"), new Map(Object.entries(tensors)));
      });
    });
  } finally {
    await loader.close();
  }
  return folder;
}

function describe({ epoch, clips, layout, keys, persons, identity }: FrameBatch) {
  return {
    epoch,
    clips,
    layout,
    frameKeys: [...keys],
    persons: [...persons],
    ...(identity && { identityFrameKeys: [...identity.keys] }),
  };
}
