/**
 * npm run bench             every benchmark
 * npm run bench -- <name>   one of them
 * Each prints JSON lines { bench, case, unit, ours, reference, referenceName, ratio }; ratio > 1 means we are better.
 */
import { spawnSync } from "node:child_process";

const BENCHMARKS = [
  "dispatch",
  "train-step",
  "store",
  "prepare",
  "views",
  "pretrain",
  "probe",
  "learn",
  "predict",
] as const;

const names = process.argv.slice(2);
const unknown = names.filter((name) => !(BENCHMARKS as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`unknown benchmark ${unknown.join(", ")}; expected ${BENCHMARKS.join(", ")}`);
  process.exit(1);
}
for (const name of names.length > 0 ? names : BENCHMARKS) {
  const program = new URL(`${name}.ts`, import.meta.url).pathname;
  const { status } = spawnSync(process.execPath, [...process.execArgv, program], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
