import { basename, join } from "node:path";
import type { DataSet, ReadOptions, Sample } from "./types.ts";
import { isDirectory, isImage, someFile, walk } from "./walk.ts";

/** `<Name>/<Name>_0001.jpg` */
const isLfwImage = (name: string, folder: string): boolean =>
  isImage(name) && name.startsWith(`${folder}_`) && /_\d{4}\.\w+$/.test(name);

/** Lists of pairs, which `evaluate` reads. */
const isPairList = (name: string): boolean => /^pairs.*\.(txt|csv)$/i.test(name);

/**
 * Labeled Faces in the Wild: stills with a name each. `pairs.txt` is the probe's business.
 * @see Huang et al., UMass Amherst technical report 07-49, 2007
 */
export const lfw: DataSet = {
  layout: "lfw/<Name>/<Name>_0001.jpg",
  facesAreCropped: false,
  personLevel: 0,
  // Frames of a clip may be numbered the same way, so the folder's own name has to say it too.
  detect: (path) =>
    (/^lfw/i.test(basename(path)) || isDirectory(join(path, "lfw"))) &&
    someFile(path, (name, folder) => isLfwImage(name, basename(folder.path))),
  read,
};

async function* read(root: string, options: ReadOptions): AsyncGenerator<Sample> {
  const inner = join(root, "lfw");
  for (const { path, files } of walk(isDirectory(inner) ? inner : root, options.onProblem)) {
    const subject = basename(path);
    for (const file of files) {
      if (isLfwImage(file, subject)) yield { source: { kind: "still", path: join(path, file) }, subject };
      else if (!isPairList(file)) options.onLeftOut?.(join(path, file));
    }
  }
}
