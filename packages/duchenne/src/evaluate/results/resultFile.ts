/** Reads, continues and writes result files. */
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { writeFileAtomically } from "../../lib/files/atomicFolder.ts";
import { makeFolder } from "../../lib/files/makeFolder.ts";
import { sha256 } from "../../lib/sha256.ts";
import { ProbeError } from "../schema/errors.ts";
import { type ProbeResult, probeResultSchema } from "../schema/result.ts";

const REMEDY = "Name a file that `probe` wrote, or another path.";

/** Reads a result file. @throws ProbeError if there is none, or the file has another format */
export function readProbeResult(file: string): ProbeResult {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new ProbeError(file, "the JSON result of a probe", (cause as Error).message, REMEDY, { cause });
  }
  const { data, error } = probeResultSchema.safeParse(json);
  const issue = error?.issues[0];
  if (!issue) return data!;
  const received = `${issue.path.join(".")}: ${issue.message}`;
  throw new ProbeError(file, "the JSON result of a probe", received, REMEDY);
}

/** The values that two runs of one evaluation share. */
const identity = ({ backbone, data, settings, test }: ProbeResult): Record<string, unknown> => ({
  "backbone's weights": backbone.digest,
  "input size": backbone.size,
  "store's content": data.digest,
  "labels of the test images": sha256(JSON.stringify(test.labels)),
  ...settings,
});

/**
 * The result to continue: the content of `file`, or `fresh` if there is no file.
 * @param fresh the result without any cell
 * @throws ProbeError if the file has the result of another backbone, store or setting
 */
export function resumeResult(file: string | undefined, fresh: ProbeResult): ProbeResult {
  if (file === undefined || !existsSync(file)) return fresh;
  const found = readProbeResult(file);
  const [own, other] = [identity(fresh), identity(found)];
  const differing = Object.keys(own).find((key) => JSON.stringify(own[key]) !== JSON.stringify(other[key]));
  if (differing === undefined) return { ...found, versions: fresh.versions };
  // Nothing is lost of a command that failed before its first training was done.
  if (found.cells.length === 0 && !existsSync(trainingFolderOf(file))) return fresh;
  throw new ProbeError(
    file,
    `a result with the same ${differing}, ${JSON.stringify(own[differing])}, to continue`,
    JSON.stringify(other[differing]),
    "Name another `out`, or remove the file.",
  );
}

/** Folder of the state of a fine-tuning that is not finished. */
export const trainingFolderOf = (file: string): string => `${file}.training`;

/** Writes a result file atomically. @param file undefined: writes nothing */
export function saveResult(file: string | undefined, result: ProbeResult): void {
  if (file === undefined) return;
  makeFolder(dirname(file));
  writeFileAtomically(file, `${JSON.stringify(result)}\n`);
}
