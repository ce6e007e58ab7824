/**
 * Kills or stops a random rank of a run at a random moment, again and again, and resumes the run each time.
 *
 *     npx tsx scripts/ranks/faults.ts <store> [times] [processes]
 *
 * The store needs 24 clips or more; `duchenne synth` and `duchenne prepare` make one. Prints one JSON line per fault, and fails unless
 * each ends the others in time with a message that names the rank, leaves whole checkpoints alone, and the run continues after it.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const [store, times = "20", processes = "2"] = process.argv.slice(2);
if (store === undefined)
  throw new Error("expected a store: npx tsx scripts/ranks/faults.ts <store> [times] [processes]");
const PROGRAM = fileURLToPath(new URL("../../packages/duchenne/bin/duchenne.js", import.meta.url));
const TIMEOUT_SECONDS = 3;
const folder = mkdtempSync(join(tmpdir(), "duchenne-faults-"));
const out = join(folder, "run");
const settings =
  "--preset tiny --size 16 --batch 8 --steps 100000 --warmup-steps 2 --checkpoint-every 3 --log-every 1 --threads 1 --workers 1";

function start(resume: boolean) {
  const more = [
    "--out",
    out,
    "--nproc",
    processes,
    "--rank-timeout",
    String(TIMEOUT_SECONDS),
    ...(resume ? ["--resume"] : []),
  ];
  const child = spawn(process.execPath, [PROGRAM, "pretrain", store!, ...settings.split(" "), ...more]);
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
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

let failures = 0;
try {
  for (const signal of ["SIGKILL", "SIGSTOP"] as const)
    for (let i = 0; i < Number(times); i++) {
      const before = newest();
      const run = start(before > 0);
      let ended = false;
      void run.ended.then(() => {
        ended = true;
      });
      while (newest() <= before && !ended) await pause(20);
      await pause(1500 * Math.random());
      const ranks = ranksOf(run.child);
      const victim = Math.floor(Math.random() * ranks.length);
      process.kill(ranks[victim]!, signal);
      const at = performance.now();
      const status = await run.ended;
      const seconds = (performance.now() - at) / 1000;
      const message = /error: .*/.exec(run.text())?.[0] ?? "";
      const killed = [...run.text().matchAll(/was killed \((\w+)\)/g)].map((match) => match[1]);
      const foreign = names().filter((name) => !/^\d+$/.test(name));
      // Two seconds for the processes to end; five more for the launcher to end a stopped one.
      const limit = signal === "SIGKILL" ? 2 : TIMEOUT_SECONDS + 9;
      const named = new RegExp(`rank ${victim} \\(`).test(message);
      const good =
        status !== 0 && named && seconds < limit && !killed.includes("SIGSEGV") && newest() > before;
      if (!good) failures += 1;
      console.log(
        JSON.stringify({
          signal,
          victim,
          good,
          seconds: Number(seconds.toFixed(2)),
          status,
          killed,
          foreign,
          step: newest(),
          message: message.slice(0, 160),
        }),
      );
    }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failures > 0) {
  console.error(`${failures} faults did not end as they should`);
  process.exitCode = 1;
}
