/** The system's own FFmpeg: where it is, and running it. */

import { execFile, spawnSync } from "node:child_process";
import { basename, dirname, join } from "node:path";
import { FaceError } from "../errors.ts";

/** Names the program, or makes the process use it although node-av is installed. */
const VARIABLE = "DUCHENNE_FFMPEG";

/** The program's path or name. */
export const ffmpegProgram = (): string => process.env[VARIABLE] || "ffmpeg";

/** True if the user named a program: node-av is not used then, installed or not. */
export const isProgramAsked = (): boolean => Boolean(process.env[VARIABLE]);

/** ffprobe lies beside ffmpeg. */
function ffprobeProgram(): string {
  const program = ffmpegProgram();
  const name = basename(program).replace("ffmpeg", "ffprobe");
  return program.includes("/") ? join(dirname(program), name) : name;
}

const INSTALL =
  "Install either: npm install node-av (FFmpeg in the process; GPL-3.0), or the program: apt-get install ffmpeg, " +
  "dnf install ffmpeg-free, brew install ffmpeg; or name one in DUCHENNE_FFMPEG. `npx duchenne doctor` says more.";

/** What to throw if neither node-av nor the program is there. */
export function missingFfmpeg(cause: unknown): FaceError {
  const error = new FaceError("FFmpeg", "node-av, or the program ffmpeg", "neither", INSTALL, { cause });
  // No file is at fault: a run over many files ends here.
  return Object.assign(error, { code: "ERR_MODULE_NOT_FOUND" });
}

const isMissing = (error: unknown): boolean =>
  ["ENOENT", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "");

/** Runs ffprobe. @returns what it prints, and what it complains of   @throws FaceError if there is none */
export function runFfprobe(
  args: readonly string[],
): Promise<{ stdout: string; stderr: string; failed: boolean }> {
  return new Promise((resolve, reject) => {
    execFile(ffprobeProgram(), args, { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (error !== null && isMissing(error)) reject(missingFfmpeg(error));
      else resolve({ stdout, stderr, failed: error !== null });
    });
  });
}

let version: number[] | undefined;

/** Version of the program, e.g. [5, 1]; a build of no release counts as new. @throws FaceError if there is none */
export function ffmpegVersion(): readonly number[] {
  if (version !== undefined) return version;
  const { stdout, error } = spawnSync(ffmpegProgram(), ["-version"], { encoding: "utf8" });
  if (error) throw missingFfmpeg(error);
  const found = /^ffmpeg version n?(\d+)\.(\d+)/.exec(stdout);
  version = found ? [Number(found[1]), Number(found[2])] : [99, 0];
  return version;
}

/** The option that keeps each frame with its own time; its name changed in 5.1. */
export function passthrough(): string[] {
  const [major, minor] = ffmpegVersion();
  return major! > 5 || (major === 5 && minor! >= 1)
    ? ["-fps_mode", "passthrough"]
    : ["-vsync", "passthrough"];
}
