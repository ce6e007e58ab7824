import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { tensor } from "@duchenne/torch";
import { describe, expect, it } from "vitest";
import { checkpointsOf, pruneCheckpoints, saveCheckpoint } from "../../../src/ssl/run/checkpoint.ts";
import { RunFolderError } from "../../../src/ssl/run/errors.ts";
import { resumeRun, startRun } from "../../../src/ssl/run/runFolder.ts";
import { unlockRun } from "../../../src/ssl/run/runLock.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";
import { tinyConfig } from "../train/tinyStore.ts";

const store = { path: "/films.store", digest: "d" };
const config = tinyConfig();

const start = (folder: string) =>
  startRun(folder, { command: "duchenne pretrain", config, notices: [], store, versions: {} });

function save(folder: string, step: number): string {
  const about = { step, epoch: 1, smoothedLoss: 1 / (step + 1), config, optimizerSteps: [], store };
  const weights = new Map([["weight", tensor([step])]]);
  return saveCheckpoint(
    checkpointsOf(folder),
    { ...about, figures: { count: 0, totals: {} } },
    weights,
    weights,
  );
}

describe("a run's folder", () => {
  it("is not made where a file is, or of nothing", () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "mine");
    for (const folder of [file, join(file, "run")]) {
      expect(() => start(folder)).toThrow(RunFolderError);
      expect(() => start(folder)).toThrow(
        /^\S+file\S*: expected a folder that can be written, received .*\. Choose another `out`\.$/,
      );
    }
    expect(readFileSync(file, "utf8")).toBe("mine");
    expect(() => start("")).toThrow("out: expected a folder, received nothing");
  });

  it.each(["config.json", "metrics.jsonl", "events.out.tfevents.1.other"])(
    "with another program's %s is refused, and left as it was",
    (name) => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, name), '{ "theirs": true }\n');
      expect(() => start(folder)).toThrow(RunFolderError);
      expect(readdirSync(folder)).toEqual([name]);
      expect(readFileSync(join(folder, name), "utf8")).toBe('{ "theirs": true }\n');
    },
  );

  it("with a run killed before its first checkpoint is begun anew; other files there stay", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "notes.txt"), "mine");
    start(folder);
    writeFileSync(join(folder, "metrics.jsonl"), '{"step":1}\n');
    start(folder);
    expect(readdirSync(folder).sort()).toEqual(["checkpoints", "config.json", "notes.txt", "run.lock"]);
  });

  it("gone on with puts damaged checkpoints aside, so that the good ones after them are kept as the newest", () => {
    const folder = temporaryFolder();
    start(folder);
    save(folder, 2);
    for (const step of [6, 8]) truncateSync(join(save(folder, step), "model.safetensors"), 20);
    const { checkpoint } = resumeRun(folder, { config, requested: config }, store);
    expect(checkpoint?.state.step).toBe(2);
    save(folder, 3);
    pruneCheckpoints(checkpointsOf(folder), 2);
    expect(readdirSync(checkpointsOf(folder)).sort()).toEqual(["2", "3", "6.damaged", "8.damaged"]);
  });

  it("is one process's at a time; what a killed one left is taken over", () => {
    const folder = temporaryFolder();
    start(folder);
    const lock = join(folder, "run.lock");
    const alive = `${process.ppid} ${hostname()}\n`;
    writeFileSync(lock, alive);
    expect(() => start(folder)).toThrow(/: process \d+ trains here/);
    expect(() => resumeRun(folder, { config, requested: config }, store)).toThrow(
      /: process \d+ trains here/,
    );
    unlockRun(folder);
    expect(readFileSync(lock, "utf8")).toBe(alive);
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(lock, `${pid} ${hostname()}\n`);
    start(folder);
    unlockRun(folder);
    expect(existsSync(lock)).toBe(false);
  });
});
