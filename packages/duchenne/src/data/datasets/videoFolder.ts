import { basename, join } from "node:path";
import { mayBeAnimated, mediaKindOf, mediaKindOfName } from "@duchenne/face";
import type { DataSet, ReadOptions, Sample } from "./types.ts";
import { type Folder, isFile, personOf, someFile, walk } from "./walk.ts";

const PERSON_LEVEL = 1;

/** Any folder of videos, or one video. The person is the folder above the video, unless that is the source itself. */
export const videoFolder: DataSet = {
  layout: "<person>/<clip>.mp4, any depth; mp4, webm, avi, mov, mkv, animated gif and webp, …",
  facesAreCropped: false,
  personLevel: PERSON_LEVEL,
  detect: (path) => (isFile(path) ? isFilm(path) : someFile(path, showsFilm)),
  read,
};

const isFilm = (path: string): boolean => mediaKindOf(path) === "film";

/** Of a folder of pictures one alone is opened, for there may be millions; it shows whether they are animations. */
function showsFilm(name: string, { path, files }: Folder): boolean {
  if (mediaKindOfName(name) === "film") return true;
  return name === files.find(mayBeAnimated) && isFilm(join(path, name));
}

async function* read(root: string, options: ReadOptions): AsyncGenerator<Sample> {
  if (isFile(root)) {
    yield { source: { kind: "video", path: root } };
    return;
  }
  for (const { path, trail, files } of walk(root, options.onProblem)) {
    for (const file of files) {
      if (!isFilm(join(path, file))) {
        options.onLeftOut?.(join(path, file));
        continue;
      }
      const subject = personOf([...trail, basename(file)], options.personLevel ?? PERSON_LEVEL);
      yield { source: { kind: "video", path: join(path, file) }, ...(subject !== undefined && { subject }) };
    }
  }
}
