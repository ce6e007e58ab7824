/**
 * Kills or stops each rank of a run at random moments, again and again, and resumes the run each time.
 *
 *     npx tsx scripts/ranks/faults.ts <store> [times per rank] [processes] [nproc | torchrun]
 *
 * The store needs 24 clips or more; `duchenne synth` and `duchenne prepare` make one. Prints one JSON line per fault and a table, and fails
 * unless each fault ends the others in time with a message that names the rank, leaves whole checkpoints alone, and the run continues after it.
 * The others have to end within 1 s of a kill, and 2 s after the timeout of a stop; SLACK adds seconds to both, for a busy machine.
 * RANK_TIMEOUT is how long the processes wait for each other, in seconds (default: 3; more on a busy machine, whose processes start apart).
 * SIGNALS=SIGSTOP takes that signal alone, SIGNALS=SIGKILL that one (default: both). torchrun is that of PYTHON (default: python3), by way of
 * torchrun.py.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [store, times = "20", processes = "2", launcher = "nproc"] = process.argv.slice(2);
if (store === undefined || (launcher !== "nproc" && launcher !== "torchrun"))
  throw new Error(
    "expected a store: npx tsx scripts/ranks/faults.ts <store> [times per rank] [processes] [nproc | torchrun]",
  );
const TORCHRUN = fileURLToPath(new URL("torchrun.py", import.meta.url));
const PROGRAM = fileURLToPath(new URL("../../packages/duchenne/bin/duchenne.js", import.meta.url));
const FAULTS = ["SIGKILL", "SIGSTOP"] as const;
const asked = (process.env.SIGNALS ?? FAULTS.join()).split(",");
for (const name of asked)
  if (!FAULTS.some((signal) => signal === name))
    throw new Error(
      `SIGNALS: expected ${FAULTS.join(" or ")}, received ${JSON.stringify(name)}. Name one, or both with a comma, or leave it out for both.`,
    );
const signals = FAULTS.filter((signal) => asked.includes(signal));
const TIMEOUT_SECONDS = Number(process.env.RANK_TIMEOUT ?? 3);
const SLACK_SECONDS = Number(process.env.SLACK ?? 0);
for (const [name, value] of Object.entries({ RANK_TIMEOUT: TIMEOUT_SECONDS, SLACK: SLACK_SECONDS }))
  if (!(value >= 0))
    throw new Error(
      `${name}: expected seconds, received ${JSON.stringify(process.env[name])}. Pass a number from 0, or leave it out.`,
    );
const folder = mkdtempSync(join(tmpdir(), "duchenne-faults-"));
const out = join(folder, "run");
const settings =
  "--preset tiny --size 16 --batch 8 --steps 100000 --warmup-steps 2 --checkpoint-every 3 --log-every 1 --threads 1 --workers 1";

/** One that most likely nobody listens on, below those that systems give away. */
const port = () => 10_000 + Math.floor(22_000 * Math.random());

function start(resume: boolean) {
  const more = ["--out", out, "--rank-timeout", String(TIMEOUT_SECONDS), ...(resume ? ["--resume"] : [])];
  const command = [PROGRAM, "pretrain", store!, ...settings.split(" "), ...more];
  const child =
    launcher === "nproc"
      ? spawn(process.execPath, [...command, "--nproc", processes])
      : spawn(process.env.PYTHON ?? "python3", [
          ...[
            TORCHRUN,
            "--nproc_per_node",
            processes,
            "--master_addr",
            "127.0.0.1",
            "--master_port",
            String(port()),
          ],
          ...["--no_python", process.execPath, ...command],
        ]);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<number | null>((done) => child.on("close", done));
  return { child, ended, text: () => stderr };
}

const ranksOf = ({ pid }: ChildProcess): number[] =>
  execFileSync("pgrep", ["-P", String(pid)], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map(Number);
const names = (): string[] =>
  existsSync(join(out, "checkpoints")) ? readdirSync(join(out, "checkpoints")) : [];
const newest = (): number =>
  Math.max(
    0,
    ...names()
      .filter((name) => /^\d+$/.test(name))
      .map(Number),
  );
/** Whether a process runs: one that has ended and that nobody has asked after does not. */
const runs = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

let failures = 0;
const table: Record<string, string | number>[] = [];
const round = (seconds: number) => Number(seconds.toFixed(2));

/** One fault. @returns seconds until the other ranks had ended */
async function fault(signal: (typeof FAULTS)[number], victim: number): Promise<number> {
  const before = newest();
  const run = start(before > 0);
  let ended = false;
  void run.ended.then(() => {
    ended = true;
  });
  while (newest() <= before && !ended) await pause(20);
  if (ended) throw new Error(`a run ended by itself before its next checkpoint: ${run.text()}`);
  await pause(1500 * Math.random());
  const ranks = ranksOf(run.child);
  const others = ranks.filter((_, rank) => rank !== victim);
  process.kill(ranks[victim]!, signal);
  const at = performance.now();
  const since = () => (performance.now() - at) / 1000;
  while (others.some(runs)) await pause(5);
  const seconds = since();
  const status = await run.ended;
  const message = /error: .*/.exec(run.text())?.[0] ?? "";
  const killed = [...run.text().matchAll(/was killed \((\w+)\)/g)].map((match) => match[1]);
  const foreign = names().filter((name) => !/^\d+$/.test(name));
  // Those who noticed a timeout have to hear from each other.
  const limit = SLACK_SECONDS + (signal === "SIGKILL" ? 1 : TIMEOUT_SECONDS + 2);
  const named = new RegExp(`rank ${victim} (\\(|of)`).test(run.text());
  const good = status !== 0 && named && seconds < limit && !killed.includes("SIGSEGV") && newest() > before;
  if (!good) failures += 1;
  const end = { seconds: round(seconds), launcherSeconds: round(since()), status };
  console.log(
    JSON.stringify({
      launcher,
      signal,
      victim,
      good,
      ...end,
      foreign,
      step: newest(),
      message: message.slice(0, 160),
    }),
  );
  return seconds;
}

try {
  for (const signal of signals)
    for (let victim = 0; victim < Number(processes); victim++) {
      const seconds: number[] = [];
      for (let i = 0; i < Number(times); i++) seconds.push(await fault(signal, victim));
      seconds.sort((a, b) => a - b);
      const [least, middle, most] = [seconds[0]!, seconds[seconds.length >> 1]!, seconds.at(-1)!].map(round);
      table.push({
        launcher,
        signal,
        victim,
        times: seconds.length,
        least: least!,
        median: middle!,
        most: most!,
      });
    }
} finally {
  rmSync(folder, { recursive: true, force: true });
  console.table(table);
}
if (failures > 0) {
  console.error(`${failures} faults did not end as they should`);
  process.exitCode = 1;
}
