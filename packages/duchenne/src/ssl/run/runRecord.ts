/** What a run was started with: `config.json` of its folder. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { storedConfigSchema, storeIdentitySchema } from "./checkpointState.ts";
import { RunFolderError } from "./errors.ts";

const runSchema = z.strictObject({
  format: z.literal("duchenne-run"),
  /** As it was called. */
  command: z.string(),
  config: storedConfigSchema,
  /** What the store did not allow, as the user was notified. */
  notices: z.array(z.string()),
  store: storeIdentitySchema,
  /** Of this package, libtorch and Node. */
  versions: z.record(z.string(), z.string()),
  /** Processes that trained it together; absent: one. */
  worldSize: z.int().optional(),
});
/** The content of a run's config.json. */
export type RunRecord = z.infer<typeof runSchema>;

export const metricsOf = (runFolder: string): string => join(runFolder, "metrics.jsonl");
export const recordOf = (runFolder: string): string => join(runFolder, "config.json");

/** Whether a folder is a run's. */
export const isRun = (path: string): boolean => existsSync(recordOf(path));

/** @throws RunFolderError if the folder is no run's */
export function readRunRecord(runFolder: string): RunRecord {
  const path = recordOf(runFolder);
  if (!existsSync(path)) throw new RunFolderError(runFolder, "a config.json", "no run here", CHECK);
  const { data, error } = runSchema.safeParse(parseJson(path));
  if (data) return data;
  const [issue] = error.issues;
  throw new RunFolderError(
    path,
    "the record of a run",
    `no record of a run: ${issue!.path.join(".")}: ${issue!.message}`,
    CHECK,
  );
}

const CHECK = "Check the path: it should be the folder of a run.";

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new RunFolderError(
      path,
      "the record of a run",
      `no record of a run: ${(error as Error).message}`,
      CHECK,
      { cause: error },
    );
  }
}
