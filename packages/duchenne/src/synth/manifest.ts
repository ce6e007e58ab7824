/** `synth.json`: the options of the data set in a folder, so that a second run continues that data set and never mixes two. */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { setting } from "../lib/errors.ts";
import { writeFileAtomically } from "../lib/files/atomicFolder.ts";
import { writeFailureText } from "../lib/files/errors.ts";
import { makeFolder } from "../lib/files/makeFolder.ts";
import { UNFINISHED_SUFFIX } from "../lib/video/film.ts";
import { SynthError } from "./errors.ts";
import { STILL_LAYOUTS, type SynthOptions } from "./options.ts";

/** File in the data set's folder that records its options. */
export const MANIFEST_NAME = "synth.json";
/** What the file and its format were called before `duchenne cast` became `duchenne synth`. */
const FORMER_NAME = "cast.json";
/** Raised whenever the same options would give other pixels or labels. */
export const SYNTH_VERSION = 1;

const manifestSchema = z.strictObject({
  format: z.enum(["duchenne-synth", "duchenne-cast"]),
  version: z.number().int(),
  options: z.strictObject({
    actors: z.number().int(),
    clips: z.number().int(),
    seconds: z.number(),
    /** Data sets older than the option were all filmed at this rate. */
    frameRateHz: z.number().default(25),
    seed: z.number().int(),
    intensity: z.strictObject({ low: z.number(), high: z.number() }),
    stills: z.enum(STILL_LAYOUTS).nullable(),
  }),
});

type Manifest = z.infer<typeof manifestSchema>;

function manifestOf({
  actors,
  clips,
  seconds,
  frameRateHz,
  seed,
  intensity,
  stills,
}: SynthOptions): Manifest {
  return {
    format: "duchenne-synth",
    version: SYNTH_VERSION,
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
 * Prepares a folder for a synthetic data set: creates the folder and writes the manifest, or checks the manifest that is
 * there, and removes what an interrupted run left half-written.
 * @throws SynthError if the folder cannot be written, holds another data set, or holds something else
 */
export function openSynthFolder(options: SynthOptions): void {
  const wanted = manifestOf(options);
  try {
    makeFolder(options.out);
    const found = findManifest(options.out);
    if (found !== undefined) {
      checkSame(found, wanted);
      removeUnfinished(options.out);
    } else {
      checkEmpty(options.out);
      writeAtomically(path.join(options.out, MANIFEST_NAME), `${JSON.stringify(wanted, null, 2)}\n`);
    }
  } catch (error) {
    if (error instanceof SynthError) throw error;
    throw new SynthError(
      setting("out"),
      "a folder that can be written",
      `${options.out} (${writeFailureText(error)})`,
      "Choose another folder, or free its disk.",
      { cause: error },
    );
  }
}

/** @returns the manifest of the synthetic data set in a folder; undefined if the folder holds none */
export function findManifest(folder: string): string | undefined {
  return [MANIFEST_NAME, FORMER_NAME].map((name) => path.join(folder, name)).find((file) => existsSync(file));
}

function checkEmpty(folder: string): void {
  const found = readdirSync(folder).filter(
    (name) => !name.endsWith(UNFINISHED_SUFFIX) && !name.endsWith(".tmp"),
  );
  if (found.length > 0) {
    throw new SynthError(
      setting("out"),
      `an empty folder or one with a ${MANIFEST_NAME}`,
      `${folder}, which holds ${found[0]}`,
      "Choose another folder.",
    );
  }
}

function checkSame(file: string, wanted: Manifest): void {
  const found = readManifest(file);
  if (found.version !== wanted.version) {
    throw new SynthError(
      setting("out"),
      `a data set of version ${wanted.version}`,
      `version ${found.version} in ${file}`,
      "Choose another folder: this version of duchenne draws other pixels.",
    );
  }
  for (const key of Object.keys(wanted.options) as (keyof Manifest["options"])[]) {
    const expected = JSON.stringify(found.options[key]);
    const received = JSON.stringify(wanted.options[key]);
    if (expected !== received) {
      throw new SynthError(
        setting(key),
        `${expected}, as in ${file}`,
        received,
        "Repeat the options of the first run, or choose another `out`.",
      );
    }
  }
}

function readManifest(file: string): Manifest {
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new SynthError(
      setting("out"),
      "a readable manifest",
      `${file} (${writeFailureText(error)})`,
      "Choose another folder, or delete this one.",
      {
        cause: error,
      },
    );
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
  writeFileAtomically(file, content);
}
