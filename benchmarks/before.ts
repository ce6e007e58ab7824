/**
 * What a change costs: an older checkout, built, beside this one, in turns, by processor time, so that other programs of the machine
 * count little. Calls, a training step, a pre-training and a frozen probe; with --films, `prepare` of a folder of films, too.
 *
 *     git worktree add ../before <commit> && make -C ../before build
 *     OMP_NUM_THREADS=1 npm run bench -- before --checkout ../before [--films films/]
 *
 * Reads processor time from /proc, so it runs on Linux.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { writeDrawnFaces } from "./drawnFaces.ts";
import { median, print } from "./line.ts";
import { peerOf } from "./peer.ts";

const HERE = fileURLToPath(new URL("..", import.meta.url));
/** Clock ticks a second in /proc: the same on every Linux that Node runs on. */
const TICKS = 100;
const STEPS = 60;

/** Programs of this folder that both checkouts have, and what a round asks of each. */
const PEERS = [
  { name: "one-element add", program: "dispatch.peer.ts", args: [], request: "1000000", rounds: 11 },
  {
    name: "train-step, resnet18 64px batch 64",
    program: "trainStep.peer.ts",
    args: ["18", "64", "64"],
    request: "3",
    rounds: 7,
  },
] as const;
const COMMAND_ROUNDS = 5;

/** Processor seconds: of a process so far (fields 14 and 15 of its stat), or of this one's ended children (16 and 17). */
function processorSeconds(process: number | "children"): number {
  const stat = readFileSync(`/proc/${process === "children" ? "self" : process}/stat`, "utf8");
  // The name, the second field, is in parentheses and may hold spaces; the state is field 3.
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
  const first = process === "children" ? 13 : 11;
  return (fields[first]! + fields[first + 1]!) / TICKS;
}

/** Seconds of both, in turns; the first round of each warms up. */
async function inTurns(rounds: number, measure: (of: "before" | "now") => Promise<number> | number) {
  const [before, now]: [number[], number[]] = [[], []];
  for (let round = -1; round < rounds; round++) {
    const pair = [await measure("before"), await measure("now")] as const;
    if (round < 0) continue;
    before.push(pair[0]);
    now.push(pair[1]);
  }
  return { before, now };
}

function printPair(name: string, { before, now }: { before: number[]; now: number[] }): void {
  const ratios = before.map((seconds, round) => seconds / now[round]!);
  print(
    {
      bench: "before",
      case: `${name} (ratios ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
      unit: "processor seconds",
      ours: median(now),
      reference: median(before),
      referenceName: checkout,
    },
    "less",
  );
}

function command(folder: string, args: readonly string[]): number {
  const start = processorSeconds("children");
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(folder, "packages/duchenne/bin/duchenne.js"), ...args],
    { cwd: work, encoding: "utf8" },
  );
  if (status !== 0)
    throw new Error(`duchenne ${args.join(" ")} in ${folder} ended with ${status}: ${stderr}`);
  return processorSeconds("children") - start;
}

const { values } = parseArgs({ options: { checkout: { type: "string" }, films: { type: "string" } } });
if (values.checkout === undefined || !existsSync(join(values.checkout, "packages/duchenne/dist"))) {
  console.error(
    `bench before: expected --checkout <an older checkout, built>, received ${values.checkout ?? "none"}. ` +
      "Make one: git worktree add ../before <commit> && make -C ../before build",
  );
  process.exit(2);
}
const checkout = resolve(values.checkout);
const folders = { before: checkout, now: HERE };
const work = mkdtempSync(join(tmpdir(), "duchenne-bench-"));
try {
  for (const { name, program, args, request, rounds } of PEERS) {
    const peers = { before: peerOf(checkout, program, args), now: peerOf(HERE, program, args) };
    const pair = await inTurns(rounds, async (of) => {
      const { pid } = peers[of];
      await peers[of].ask("1"); // so that the process has started before its time is taken
      const start = processorSeconds(pid);
      await peers[of].ask(request);
      return processorSeconds(pid) - start;
    });
    for (const peer of Object.values(peers)) peer.end();
    printPair(name, pair);
  }
  await writeDrawnFaces(join(work, "faces.store"), 55);
  const pretrain = await inTurns(COMMAND_ROUNDS, (of) => {
    const out = join(work, of);
    rmSync(out, { recursive: true, force: true });
    return command(folders[of], [
      ..."pretrain faces.store --preset tiny --threads 1 --splits all --out".split(" "),
      ...[out, "--steps", String(STEPS)],
    ]);
  });
  printPair(`pretrain, ${STEPS} updates of tiny`, pretrain);
  const probe = await inTurns(COMMAND_ROUNDS, (of) => {
    rmSync(join(work, "cache"), { recursive: true, force: true });
    return command(folders[of], [
      ..."probe before --data faces.store --mode frozen --epochs 3 --resamples 10 --cache cache".split(" "),
    ]);
  });
  printPair("probe, frozen", probe);
  if (values.films !== undefined) {
    const films = resolve(values.films);
    for (const workers of [[], ["--workers", "0"]]) {
      const prepare = await inTurns(COMMAND_ROUNDS, (of) => {
        rmSync(join(work, "films.store"), { recursive: true, force: true });
        return command(folders[of], [
          ...["prepare", films, ..."--dataset videoFolder --out films.store".split(" "), ...workers],
        ]);
      });
      printPair(["prepare", basename(films), ...workers].join(" "), prepare);
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
