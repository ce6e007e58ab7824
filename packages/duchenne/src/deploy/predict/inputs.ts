/** Inputs of a prediction: images, videos, and folders of them. */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type FaceSource, MediaError } from "@duchenne/face";
import { isImage, isVideo, walk } from "../../data/datasets/walk.ts";
import type { RawFormat } from "./rawFrames.ts";

/** An image, a video, or frames from a pipe. */
export type Input = Exclude<FaceSource, { kind: "frames" }> | PipeInput;

/** Raw frames from a pipe. */
export interface PipeInput {
  readonly kind: "pipe";
  /** Name in rows. */
  readonly path: string;
  readonly format: RawFormat;
  readonly pipe: Readable;
}

/**
 * Lists images and videos; those in folders, and in folders within them, in the order of their names.
 * @param onProblem called for folders that cannot be listed
 * @throws MediaError for a path that does not exist, or a folder without images and videos
 */
export function listInputs(paths: readonly string[], onProblem: (message: string) => void): Input[] {
  return paths.flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined)
      throw new MediaError(path, "an image, a video or a folder of them", "a path that does not exist");
    if (!found.isDirectory()) return [{ kind: isImage(path) ? "still" : "video", path }];
    const inputs = filesUnder(path, onProblem);
    if (inputs.length === 0) throw new MediaError(path, "images or videos", "a folder without any");
    return inputs;
  });
}

function filesUnder(folder: string, onProblem: (message: string) => void): Input[] {
  const inputs: Input[] = [];
  for (const { path, files } of walk(folder, ({ message }) => onProblem(message)))
    for (const name of files) {
      if (isImage(name)) inputs.push({ kind: "still", path: join(path, name) });
      else if (isVideo(name)) inputs.push({ kind: "video", path: join(path, name) });
    }
  return inputs;
}
