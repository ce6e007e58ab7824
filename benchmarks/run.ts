/**
 * npm run bench             every benchmark but ready, which needs FER2013, and before, which needs another checkout
 * npm run bench -- <name>   one of them; its own options may follow
 * Each prints JSON lines { bench, case, unit, ours, reference, referenceName, ratio }; ratio > 1 means we are better.
 */
import { spawnSync } from "node:child_process";

/** The program of each benchmark, by the benchmark's name. */
const BENCHMARKS = {
  dispatch: "dispatch.ts",
  "train-step": "trainStep.ts",
  store: "store.ts",
  prepare: "prepare.ts",
  views: "views.ts",
  pretrain: "pretrain.ts",
  probe: "probe.ts",
  learn: "learn.ts",
  distributed: "distributed.ts",
  predict: "predict.ts",
  first: "first.ts",
  ready: "ready.ts",
  before: "before.ts",
} as const;
type BenchmarkName = keyof typeof BENCHMARKS;
/** Benchmarks that need what a clone does not have: they run only if they are named. */
const ONLY_NAMED: ReadonlySet<string> = new Set<BenchmarkName>(["ready", "before"]);

const known = Object.keys(BENCHMARKS) as BenchmarkName[];
const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith("--"));
const given = firstOption === -1 ? words : words.slice(0, firstOption);
const options = words.slice(given.length);
const isKnown = (name: string): name is BenchmarkName => Object.hasOwn(BENCHMARKS, name);
const unknown = given.filter((name) => !isKnown(name));
if (unknown.length > 0) {
  console.error(
    `bench: expected names among ${known.join(", ")}, received ${unknown.join(", ")}. ` +
      "Name one of these, or none to run all.",
  );
  process.exit(1);
}
if (options.length > 0 && given.length !== 1) {
  console.error(
    `bench: expected the name of one benchmark before ${options[0]}, received ${given.length}. Name it first.`,
  );
  process.exit(1);
}
for (const name of given.length > 0 ? given.filter(isKnown) : known.filter((name) => !ONLY_NAMED.has(name))) {
  const program = new URL(BENCHMARKS[name], import.meta.url).pathname;
  const { status } = spawnSync(process.execPath, [...process.execArgv, program, ...options], {
    stdio: "inherit",
  });
  if (status !== 0) process.exit(status ?? 1);
}
