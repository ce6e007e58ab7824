/**
 * Kills each command at every change it makes to its files, runs it again, and compares with a run that nobody disturbed.
 *
 *     npx tsx --conditions=source scripts/hardening/killAtWrites.ts [--points 4] [--only prepare,pretrain] [--drop]
 *
 * --points limits the changes that are tried; their order is drawn, the same each time, so that the first ones are a sample.
 * --drop also loses what was not synced, as a power cut does.
 * Linux with a C compiler. Exits with 1 if any resumed run differs.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Random } from "../../packages/duchenne/src/lib/random.ts";
import { PROGRAM } from "../../packages/duchenne/test/program.ts";
import { type Command, commands, makeInputs } from "./commands.ts";
import { buildWhatIsStale } from "./freshBuilds.ts";

const { values: flags } = parseArgs({
  options: {
    points: { type: "string" },
    only: { type: "string" },
    drop: { type: "boolean", default: false },
  },
});
const here = dirname(fileURLToPath(import.meta.url));
const work = mkdtempSync(join(tmpdir(), "hardening-"));
const shim = join(work, "stopAtWrite.so");
const inputs = join(work, "inputs");

type Ended = { code: number | null; signal: string | null; said: string };

/** Runs the command line. @param stopAt number of the change that it does not live to make; 0: it lives */
function duchenne(args: readonly string[], under: string, stopAt?: number): Ended {
  const shimmed = stopAt === undefined ? {} : { LD_PRELOAD: shim, HARDENING_STOP_AT: String(stopAt) };
  const drop = flags.drop && stopAt ? { HARDENING_DROP: "1" } : {};
  const { status, signal, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
    cwd: inputs,
    encoding: "utf8",
    env: {
      ...process.env,
      ...{ NODE_OPTIONS: "", UV_USE_IO_URING: "0", OMP_NUM_THREADS: "1" },
      ...{ HARDENING_UNDER: under, HARDENING_COUNT: join(work, "count"), ...shimmed, ...drop },
    },
  });
  return { code: status, signal, said: stderr };
}

/** Prepares what a command starts from in a folder of its own. */
function begin(command: Command, name: string): string {
  const out = join(work, name);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out);
  for (const input of command.copies ?? [])
    cpSync(join(inputs, input), join(out, input), { recursive: true });
  return out;
}

/** Changes in a drawn order, as many as are asked for. */
function pointsOf(changes: number): number[] {
  const all = Array.from({ length: changes }, (_, i) => 1 + i);
  return Random.fromSeed("kill points")
    .shuffle(all)
    .slice(0, Number(flags.points ?? changes));
}

async function campaign(command: Command): Promise<number> {
  const whole = begin(command, "whole");
  const undisturbed = duchenne(command.args(whole), whole, 0);
  if (undisturbed.code !== 0) throw new Error(`${command.name}: ${undisturbed.said}`);
  const expected = await command.result(whole);
  const changes = Number(readFileSync(join(work, "count"), "utf8"));
  const started = performance.now();
  let differing = 0;
  const points = pointsOf(changes);
  for (const [tried, point] of points.entries()) {
    if (tried > 0 && tried % 10 === 0)
      process.stderr.write(`${command.name}: ${tried} of ${changes} changes tried, ${differing} differ\n`);
    const out = begin(command, "killed");
    const killed = duchenne(command.args(out), out, point);
    const resumed = duchenne(command.again?.(out) ?? command.args(out), out);
    const fault = await faultOf(command, out, killed, resumed, expected);
    if (fault === undefined) continue;
    differing += 1;
    process.stdout.write(`${command.name}: killed at change ${point} of ${changes}: ${fault}\n`);
  }
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  process.stdout.write(
    `${command.name}: ${points.length} of ${changes} changes, ${differing} resumed runs differ, ${seconds} s\n`,
  );
  return differing;
}

async function faultOf(
  command: Command,
  out: string,
  killed: Ended,
  resumed: Ended,
  expected: string,
): Promise<string | undefined> {
  // Threads take turns by chance, so that a run may make a few changes fewer than the one that was counted.
  if (killed.signal !== "SIGKILL" && killed.code !== 0) return `ended by itself: ${killed.said.trim()}`;
  if (resumed.code !== 0 && !command.isDone?.test(resumed.said))
    return `the second run ended with ${resumed.code}: ${resumed.said.trim()}`;
  if ((await command.result(out)) !== expected) return "the results differ";
  const left = command.leftovers(out);
  return left.length === 0 ? undefined : `left ${left.join(", ")}`;
}

buildWhatIsStale();
mkdirSync(inputs);
const compiler = spawnSync(
  "cc",
  ["-O1", "-shared", "-fPIC", "-o", shim, join(here, "stopAtWrite.c"), "-ldl", "-lpthread"],
  { encoding: "utf8" },
);
if (compiler.status !== 0) throw new Error(`cc: ${compiler.stderr}`);
try {
  const only = flags.only?.split(",");
  const chosen = commands.filter(({ name }) => only?.includes(name) ?? true);
  await makeInputs(inputs, chosen, (args) => {
    const { code, said } = duchenne(args, inputs);
    if (code !== 0) throw new Error(`${args[0]}: ${said}`);
  });
  let differing = 0;
  for (const command of chosen) differing += await campaign(command);
  process.exitCode = differing > 0 ? 1 : 0;
} finally {
  if (existsSync(work)) rmSync(work, { recursive: true, force: true });
}
