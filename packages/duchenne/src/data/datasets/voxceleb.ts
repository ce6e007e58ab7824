import { existsSync } from "node:fs";
import { join } from "node:path";
import { readFrameTree } from "./frameTree.ts";
import type { DataSet } from "./types.ts";
import { isImage, someFile } from "./walk.ts";

const DATA = join("unzippedIntervalFaces", "data");
/** <Name>/1.6/<videoId>/<clip>: three folders from the clip's up to the name's. */
const PERSON_LEVEL = 3;

/**
 * VoxCeleb1's face frames, 25/6 a second.
 * @see Nagrani, Chung, Zisserman, "VoxCeleb: a large-scale speaker identification dataset", Interspeech 2017
 */
export const voxceleb: DataSet = {
  layout: "unzippedIntervalFaces/data/<Name>/1.6/<videoId>/<clip>/*.jpg",
  facesAreCropped: false,
  personLevel: PERSON_LEVEL,
  detect: (path) =>
    someFile(
      dataFolder(path),
      (name, { trail }) => isImage(name) && trail.length === 4 && trail[1] === "1.6",
    ),
  read: (root, options) => readFrameTree(dataFolder(root), options, PERSON_LEVEL),
};

function dataFolder(root: string): string {
  for (const inside of [DATA, "data"]) if (existsSync(join(root, inside))) return join(root, inside);
  return root;
}
