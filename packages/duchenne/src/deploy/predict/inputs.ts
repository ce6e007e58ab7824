/** Files and folders as the user names them, as sources of frames. */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type FaceSource, MediaError } from "@duchenne/face";
import { isImage, isVideo, walk } from "../../data/datasets/walk.ts";
import type { RawFormat } from "./rawFrames.ts";

/** A picture, a film, or frames from a pipe. */
export type Input = Exclude<FaceSource, { kind: "frames" }> | PipeInput;

export interface PipeInput {
  readonly kind: "pipe";
  /** As rows name it. */
  readonly path: string;
  readonly format: RawFormat;
  readonly pipe: Readable;
}

/**
 * Pictures and films, those of a folder and the folders in it in the order of their names.
 * @param onProblem called for folders that cannot be listed
 * @throws MediaError for a path where nothing is, or a folder without pictures and films
 */
export function listInputs(paths: readonly string[], onProblem: (message: string) => void): Input[] {
  return paths.flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined)
      throw new MediaError(path, "a picture, a film or a folder of them", "nothing at this path");
    if (!found.isDirectory()) return [{ kind: isImage(path) ? "still" : "video", path }];
    const inputs = filesUnder(path, onProblem);
    if (inputs.length === 0) throw new MediaError(path, "pictures or films", "a folder without any");
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
