import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../../../torch/test/rankProcesses.ts";
import { checkpointsOf, listCheckpoints, readCheckpointState } from "../../../src/ssl/run/checkpoint.ts";
import { readMetrics } from "../../../src/ssl/run/metricsLog.ts";
import { metricsOf, readRunRecord } from "../../../src/ssl/run/runRecord.ts";
import { Hold } from "../../hold/hold.ts";
import { PROGRAM } from "../../program.ts";
import { writeTinyStore } from "./tinyStore.ts";

const folder = mkdtempSync(join(tmpdir(), "duchenne-nproc-"));
const store = join(folder, "store");
beforeAll(() => writeTinyStore(store, { people: 8, clipsEach: 2 }));
afterAll(() => rmSync(folder, { recursive: true }));

const SETTINGS =
  "--preset tiny --size 16 --batch 8 --warmup-steps 2 --log-every 1 --threads 1 --workers 1 --cut-mix --curriculum-fraction 0.5".split(
    " ",
  );

interface Ended {
  status: number | null;
  stderr: string;
  stdout: string;
}

function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [PROGRAM, "pretrain", ...args], {
    env: { ...process.env, NODE_OPTIONS: "", ...env },
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]!.setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  const ended = new Promise<Ended>((done) => child.on("close", (status) => done({ status, ...texts })));
  return { child, ended };
}

const run = (args: readonly string[], env?: Readonly<Record<string, string>>) => start(args, env).ended;
const newest = (out: string) => listCheckpoints(checkpointsOf(out)).at(-1);
const hashes = (out: string) => readCheckpointState(newest(out)!.path).sha256;

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((done) => setTimeout(done, 10));
}

/** Process ids of the ranks that a process has started, in their order. */
const ranksOf = ({ pid }: ChildProcess): number[] =>
  execFileSync("pgrep", ["-P", String(pid)], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map(Number);

test("two processes learn what one does, and log and save once; on Ctrl-C they save once, and continue bit for bit", async () => {
  const [one, two, stopped] = ["one", "two", "stopped"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const steps = ["--steps", "16", "--checkpoint-every", "16"];
  const [single, double] = [
    await run([store, ...SETTINGS, ...steps, "--out", one]),
    await run([store, ...SETTINGS, ...steps, "--out", two, "--nproc", "2", "--json"]),
  ];
  expect({
    single: single.status,
    double: double.status,
    stderr: double.stderr.match(/error.*/)?.[0],
  }).toEqual({
    single: 0,
    double: 0,
    stderr: undefined,
  });
  expect(JSON.parse(double.stdout)).toMatchObject({ step: 16, runFolder: two });
  const [losses, expected] = [two, one].map((out) => readMetrics(metricsOf(out)).map(({ loss }) => loss!));
  expect(losses).toHaveLength(16);
  // float32, in which single choices of ReLU flip; exactness in float64 is tested beside this.
  for (const [i, loss] of losses!.entries()) expect(Math.abs(loss - expected![i]!)).toBeLessThan(0.02);
  expect(Math.abs(losses![0]! - expected![0]!)).toBeLessThan(1e-4);
  expect(readdirSync(checkpointsOf(two))).toEqual(["16"]);
  expect(readRunRecord(two)).toMatchObject({ worldSize: 2, config: { syncBatchNorm: true } });

  // The same run, stopped by Ctrl-C on its way.
  const hold = new Hold([{ file: metricsOf(stopped), change: 3 }]);
  const begun = start([store, ...SETTINGS, ...steps, "--out", stopped, "--nproc", "2"], hold.env);
  await hold.signal(begun.child, "SIGINT");
  const { status, stderr } = await begun.ended;
  expect({ status, told: stderr.match(/stopped after step/g)?.length }).toEqual({ status: 130, told: 1 });
  expect(readdirSync(checkpointsOf(stopped))).toHaveLength(1);
  const resumed = await run([store, "--out", stopped, "--resume", "--nproc", "2"]);
  expect(resumed.status).toBe(0);
  expect(hashes(stopped)).toEqual(hashes(two));
  // Another number of processes.
  const alone = await run([store, "--out", stopped, "--resume", "--steps", "16"]);
  expect(alone.stderr).toMatch(/processes: 2 before, 1 now; the run continues equal but for rounding/);
});

// How soon is measured by `scripts/ranks/faults.ts`.
test("a killed rank ends the others, named, and the run resumes", async () => {
  const out = join(folder, "killed");
  const args = [store, ...SETTINGS, "--steps", "2000", "--checkpoint-every", "3", "--out", out];
  const begun = start([...args, "--nproc", "2"]);
  await until(() => newest(out) !== undefined);
  process.kill(ranksOf(begun.child)[1]!, "SIGKILL");
  const { status, stderr } = await begun.ended;
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /error: rank 1 of 2 \(process \d+\) was killed \(SIGKILL\); the other processes end/,
  );
  // Rank 0 may have been saving one, under the temporary name that the next run removes.
  expect(readdirSync(checkpointsOf(out)).every((name) => /^(\d+|\..+\.tmp)$/.test(name))).toBe(true);
  const { step } = newest(out)!;
  const resumed = start([...args, "--resume", "--nproc", "2"]);
  await until(() => newest(out)!.step > step);
  resumed.child.kill("SIGINT");
  expect(await resumed.ended).toMatchObject({ status: 130 });
});

test("processes with other settings or another store, and a batch that does not divide", async () => {
  const other = await writeTinyStore(join(folder, "other"), { people: 8, clipsEach: 2, frames: 19 });
  const launched = (port: number, rank: number, path: string, seed: string) =>
    run(
      [
        path,
        ...SETTINGS,
        ...["--steps", "4", "--seed", seed, "--out", join(folder, "unlike"), "--rank-timeout", "300"],
      ],
      {
        ...{ RANK: String(rank), WORLD_SIZE: "2", MASTER_ADDR: "127.0.0.1", MASTER_PORT: String(port) },
        GLOO_SOCKET_IFNAME: "lo",
      },
    );
  const cases = [
    {
      path: store,
      seed: "1",
      message: /rank 1: seed: expected 0, as the other processes have, received 1\. /,
    },
    {
      path: other,
      seed: "0",
      message:
        /rank 1: store: expected "\w+", as the other processes have, received "\w+"\. Start all .+ on the same store and version/,
    },
  ];
  for (const { path, seed, message } of cases) {
    const port = await freePort();
    const ends = await Promise.all([launched(port, 0, store, "0"), launched(port, 1, path, seed)]);
    for (const { status, stderr } of ends) {
      expect(stderr).toMatch(message);
      expect(status).toBe(1);
    }
  }
  expect(existsSync(join(folder, "unlike"))).toBe(false);
  const odd = await run([store, ...SETTINGS, "--steps", "4", "--out", join(folder, "odd"), "--nproc", "3"]);
  expect(odd).toMatchObject({ status: 2, stdout: "" });
  expect(odd.stderr).toMatch(
    /--batch: expected a multiple of 3, the number of processes, received 8. Use --batch 6 or 9/,
  );
});
