/** `cast.json`: which cast a folder holds, so that a second run goes on with the same one and never mixes two. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { UNFINISHED_SUFFIX } from "../lib/video/videoWriter.ts";
import { CastError } from "./errors.ts";
import { type CastOptions, STILL_LAYOUTS } from "./options.ts";

export const MANIFEST_NAME = "cast.json";
/** Raised whenever the same options would give other pixels or labels. */
export const CAST_VERSION = 1;

const manifestSchema = z.strictObject({
  format: z.literal("duchenne-cast"),
  version: z.number().int(),
  options: z.strictObject({
    actors: z.number().int(),
    clips: z.number().int(),
    seconds: z.number(),
    /** Casts older than the option were all filmed at this rate. */
    frameRateHz: z.number().default(25),
    seed: z.number().int(),
    intensity: z.strictObject({ low: z.number(), high: z.number() }),
    stills: z.enum(STILL_LAYOUTS).nullable(),
  }),
});

type Manifest = z.infer<typeof manifestSchema>;

function manifestOf({ actors, clips, seconds, frameRateHz, seed, intensity, stills }: CastOptions): Manifest {
  return {
    format: "duchenne-cast",
    version: CAST_VERSION,
    options: {
      actors,
      clips,
      seconds,
      frameRateHz,
      seed,
      intensity: { low: intensity.low, high: intensity.high },
      stills,
    },
  };
}

/**
 * Makes a folder ready for a cast: creates it, writes the manifest, or checks the one that is there, and removes what
 * an interrupted run left half-written.
 * @throws CastError if the folder cannot be written, holds another cast, or holds something else
 */
export function openCastFolder(options: CastOptions): void {
  const wanted = manifestOf(options);
  const file = path.join(options.out, MANIFEST_NAME);
  try {
    mkdirSync(options.out, { recursive: true });
    if (existsSync(file)) {
      checkSame(file, wanted);
      removeUnfinished(options.out);
    } else {
      checkEmpty(options.out);
      writeAtomically(file, `${JSON.stringify(wanted, null, 2)}\n`);
    }
  } catch (error) {
    if (error instanceof CastError) throw error;
    throw new CastError(
      "--out",
      "a folder that can be written",
      `${options.out} (${(error as Error).message})`,
      {
        cause: error,
      },
    );
  }
}

function checkEmpty(folder: string): void {
  const found = readdirSync(folder).filter(
    (name) => !name.endsWith(UNFINISHED_SUFFIX) && !name.endsWith(".tmp"),
  );
  if (found.length > 0) {
    throw new CastError(
      "--out",
      `an empty folder or one with a ${MANIFEST_NAME}`,
      `${folder}, which holds ${found[0]}`,
    );
  }
}

function checkSame(file: string, wanted: Manifest): void {
  const found = readManifest(file);
  if (found.version !== wanted.version) {
    throw new CastError(
      "--out",
      `a cast of version ${wanted.version}`,
      `version ${found.version} in ${file}`,
    );
  }
  for (const key of Object.keys(wanted.options) as (keyof Manifest["options"])[]) {
    const expected = JSON.stringify(found.options[key]);
    const received = JSON.stringify(wanted.options[key]);
    if (expected !== received) {
      throw new CastError(`--${key}`, `${expected}, as in ${file} (or another --out)`, received);
    }
  }
}

function readManifest(file: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new CastError("--out", "a readable cast.json", `${file} (${(error as Error).message})`, {
      cause: error,
    });
  }
}

function removeUnfinished(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const unfinished = entry.name.endsWith(UNFINISHED_SUFFIX) || entry.name.endsWith(".tmp");
    if (entry.isFile() && unfinished) rmSync(path.join(entry.parentPath, entry.name), { force: true });
  }
}

/** Writes a file whole or not at all. */
export function writeAtomically(file: string, content: string | Uint8Array): void {
  const sibling = `${file}.${process.pid}.tmp`;
  writeFileSync(sibling, content);
  renameSync(sibling, file);
}
