import { join } from "node:path";
import type { DataSet, ReadOptions, Sample } from "./types.ts";
import { isImage, personOf, someFile, walk } from "./walk.ts";

/** VoxCeleb1's face frames, and the default everywhere. */
export const FRAME_TREE_RATE_HZ = 25 / 6;
const PERSON_LEVEL = 1;

/** Any tree whose leaf folders hold one clip's frames. The person is the folder above the clip's. */
export const frameTree: DataSet = {
  layout: "<person>/<clip>/*.jpg, any depth; each folder of images is one clip, its frames 25/6 a second",
  facesAreCropped: false,
  personLevel: PERSON_LEVEL,
  detect: (path) => someFile(path, isImage),
  read: (root, options) => readFrameTree(root, options, PERSON_LEVEL),
};

/** One sample per folder that holds images. */
export async function* readFrameTree(
  root: string,
  options: ReadOptions,
  personLevel: number,
): AsyncGenerator<Sample> {
  for (const { path, trail, files } of walk(root, options.onProblem)) {
    for (const name of files) if (!isImage(name)) options.onLeftOut?.(join(path, name));
    if (!files.some(isImage)) continue;
    const subject = personOf(trail, options.personLevel ?? personLevel);
    const source = { kind: "frames", path, frameRateHz: FRAME_TREE_RATE_HZ } as const;
    yield { source, ...(subject !== undefined && { subject }) };
  }
}
