import { realpathSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { metricsOf, recordOf } from "../../src/ssl/run/runRecord.ts";
import { findAll } from "../../src/studio/find.ts";
import { describeRuns } from "../../src/studio/runs.ts";
import { Stores } from "../../src/studio/stores.ts";
import { temporaryFolder } from "../data/store/synthetic.ts";
import { writeRun } from "./folders.ts";

/** What the studio says of one run whose files have these times, seconds. */
async function elapsedOf(log: string, startedAt: number, changedAt: number): Promise<number | null> {
  const root = realpathSync(temporaryFolder());
  const run = join(root, "run");
  writeRun(run, "somewhere");
  writeFileSync(metricsOf(run), log);
  utimesSync(recordOf(run), startedAt, startedAt);
  utimesSync(metricsOf(run), changedAt, changedAt);
  const { runs } = describeRuns(await findAll([root], new Stores()));
  return runs[0]!.elapsedSeconds;
}

it("a run that was copied has the time of its log, not of its files", async () => {
  const log = '{"step":10,"loss":2,"wallTime":1000}\n{"step":20,"loss":1.5,"wallTime":1090}\n';
  expect(await elapsedOf(log, 5000, 5000)).toBe(90);
  // The files of the run itself: it began before its first line.
  expect(await elapsedOf(log, 970, 1090)).toBe(120);
});

it("a log without times has those of the files", async () => {
  expect(await elapsedOf('{"step":10,"loss":2}\n', 400, 460)).toBe(60);
});
