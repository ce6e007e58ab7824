import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../../src/lib/random.ts";
import { METHOD_NAMES, type MethodName } from "../../../src/ssl/config/config.ts";
import { checkpointsOf, listCheckpoints, readCheckpointState } from "../../../src/ssl/run/checkpoint.ts";
import { type MetricsLine, readMetrics } from "../../../src/ssl/run/metricsLog.ts";
import { metricsOf } from "../../../src/ssl/run/runRecord.ts";
import { Hold } from "../../hold/hold.ts";
import { tinyConfig, trainTiny, writeTinyStore } from "./tinyStore.ts";

const STEPS = 48;
/** Killed after this step, so that a checkpoint is there; and early enough that 20 steps follow. */
const [FIRST_KILL, LAST_KILL] = [6, 27];
const CHILD = join(import.meta.dirname, "children", "pretrain.ts");

const settingsOf = (method: MethodName) => ({ method, steps: STEPS, checkpointEvery: 5, keepLast: STEPS });

/** Starts a run in a process of its own and kills it once its log tells of so many steps. @returns the signal that ended it */
async function killAfter(steps: number, args: readonly string[]): Promise<string | null> {
  const hold = new Hold([{ file: metricsOf(args[1]!), change: steps }]);
  const child = spawn(process.execPath, ["--conditions=source", "--import", "tsx", CHILD, ...args], {
    env: { ...process.env, ...hold.env },
    stdio: "inherit",
  });
  const ended = once(child, "close");
  await hold.signal(child, "SIGKILL");
  const [, signal] = await ended;
  return signal;
}

/** What does not depend on how fast the machine is. */
const exactLines = (runFolder: string) =>
  readMetrics(metricsOf(runFolder)).map(
    ({ imagesPerSecond: _, waitShare: __, wallTime: ___, ...line }: MetricsLine) => line,
  );

/** Steps, figures and the tensors' hashes of every checkpoint. */
const checkpointStates = (runFolder: string) =>
  listCheckpoints(checkpointsOf(runFolder)).map(({ path }) => readCheckpointState(path));

describe("a run killed at a random step and resumed", () => {
  const folder = mkdtempSync(join(tmpdir(), "duchenne-kill-"));
  const store = join(folder, "store");

  beforeAll(() => writeTinyStore(store));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(METHOD_NAMES)("equals the undisturbed one bit for bit: %s", async (method) => {
    const [whole, killed] = [join(folder, `${method}-whole`), join(folder, `${method}-killed`)];
    const settings = settingsOf(method);
    const rng = Random.fromSeed(2210).fork(method);
    const killStep = FIRST_KILL + rng.integer(LAST_KILL - FIRST_KILL);
    expect(await killAfter(killStep, [store, killed, JSON.stringify(settings)])).toBe("SIGKILL");
    const resumedFrom = listCheckpoints(checkpointsOf(killed)).at(-1)!.step;
    expect(resumedFrom).toBeGreaterThan(0);
    expect(resumedFrom).toBeLessThanOrEqual(STEPS - 20);

    await trainTiny(store, killed, tinyConfig(settings), { resume: true });
    await trainTiny(store, whole, tinyConfig(settings));
    const lines = exactLines(killed);
    expect(lines.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
    expect(lines).toEqual(exactLines(whole));
    expect(checkpointStates(killed)).toEqual(checkpointStates(whole));
  });
});
