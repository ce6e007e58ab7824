/** Inputs of a prediction: images, videos, and folders of them. */
import { statSync } from "node:fs";
import { join } from "node:path";
import { type FaceSource, MediaError, type MediaKind, mediaKindOf } from "@duchenne/face";
import { describeLeftOutFiles, LeftOutFiles } from "../../data/datasets/leftOut.ts";
import { walk } from "../../data/datasets/walk.ts";
import type { Pipe, RawFormat } from "./rawFrames.ts";

/** An image, a video, or frames from a pipe. */
export type Input = Exclude<FaceSource, { kind: "frames" }> | PipeInput;

/** Raw frames from a pipe. */
export interface PipeInput {
  readonly kind: "pipe";
  /** Name in rows. */
  readonly path: string;
  readonly format: RawFormat;
  readonly pipe: Pipe;
}

/**
 * Images and videos, those of a folder and the folders in it in the order of their names. A file that is named is read whatever
 * its ending; files of a folder with an ending that no image or video has are left out, counted and named.
 * @param onProblem called for folders that cannot be listed, and for files of a folder that are left out
 * @throws MediaError for a path that does not exist, or a folder without images and videos
 */
export function listInputs(paths: readonly string[], onProblem: (message: string) => void): Input[] {
  return paths.flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined)
      throw new MediaError(path, "an image, a video or a folder of them", "a path that does not exist");
    if (!found.isDirectory()) return [inputOf(path, mediaKindOf(path))];
    return filesUnder(path, onProblem);
  });
}

function filesUnder(folder: string, onProblem: (message: string) => void): Input[] {
  const inputs: Input[] = [];
  const leftOut = new LeftOutFiles();
  for (const { path, files } of walk(folder, ({ message }) => onProblem(message)))
    for (const name of files) {
      const file = join(path, name);
      const kind = mediaKindOf(file);
      if (kind === undefined) leftOut.add(file);
      else inputs.push(inputOf(file, kind));
    }
  const others = describeLeftOutFiles(leftOut.byEnding);
  if (inputs.length === 0)
    throw new MediaError(folder, "a folder with images or videos", others || "a folder without files");
  if (leftOut.count > 0)
    onProblem(
      `${folder}: ${leftOut.count === 1 ? "1 file is" : `${leftOut.count} files are`} left out, because no image or video has such an ending: ${others}`,
    );
  return inputs;
}

const inputOf = (path: string, kind: MediaKind | undefined): Input => ({
  kind: kind === "image" ? "still" : "video",
  path,
});
