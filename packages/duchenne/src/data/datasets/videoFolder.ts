import { basename, join } from "node:path";
import type { DataSet, ReadOptions, Sample } from "./types.ts";
import { isFile, isVideo, personOf, someFile, walk } from "./walk.ts";

const PERSON_LEVEL = 1;

/** Any folder of videos, or one video. The person is the folder above the video, unless that is the source itself. */
export const videoFolder: DataSet = {
  layout: "<person>/<clip>.mp4, any depth; mp4, webm, avi, mov, mkv",
  facesAreCropped: false,
  personLevel: PERSON_LEVEL,
  detect: (path) => (isFile(path) ? isVideo(path) : someFile(path, isVideo)),
  read,
};

async function* read(root: string, options: ReadOptions): AsyncGenerator<Sample> {
  if (isFile(root)) {
    yield { source: { kind: "video", path: root } };
    return;
  }
  for (const { path, trail, files } of walk(root, options.onProblem)) {
    for (const file of files.filter(isVideo)) {
      const subject = personOf([...trail, basename(file)], options.personLevel ?? PERSON_LEVEL);
      yield { source: { kind: "video", path: join(path, file) }, ...(subject !== undefined && { subject }) };
    }
  }
}
