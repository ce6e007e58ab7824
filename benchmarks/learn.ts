/**
 * Does it learn? Pre-trains SimCLR and SSL-FER (full) with the `tiny` preset at equal images seen on synthetic actors, and measures
 * both, and an untrained backbone, on actors never seen: macro F1 of a logistic regression on frozen features by label budget,
 * and how many faces are recognised by their nearest other (less is better).
 *
 *     npm run bench -- learn
 *     node_modules/.bin/tsx --conditions=source benchmarks/learn.ts [store] [folder to go on in]
 *
 * Without a store it films synthetic actors first: some seven minutes on two cores in all.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { prepare } from "../packages/duchenne/src/data/prepare/prepare.ts";
import { parsePlan } from "../packages/duchenne/src/report/reproduce/plan.ts";
import { type Reproduction, reproduce } from "../packages/duchenne/src/report/reproduce/reproduce.ts";
import { synthesize, synthOptions } from "../packages/duchenne/src/synth/index.ts";
import { print } from "./line.ts";

/** Expressions that show at 48 pixels, in crops that are all face. */
const FILMS = { actors: 80, clips: 2, seconds: 8, seed: 3, intensity: { low: 0.6, high: 1 } };
const CROP_SCALE = 1.2;
const STEPS = 800;
const IMAGES_PER_STEP = 128;

const [given, folder] = process.argv.slice(2);
const work = folder === undefined ? mkdtempSync(join(tmpdir(), "duchenne-bench-")) : resolve(folder);
try {
  mkdirSync(work, { recursive: true });
  const store = given === undefined ? await filmed(work) : resolve(given);
  report(await reproduce(parsePlan(planOf(store), "the benchmark's plan"), join(work, "table")));
} finally {
  if (folder === undefined) rmSync(work, { recursive: true, force: true });
}

async function filmed(work: string): Promise<string> {
  const films = join(work, "synth");
  await synthesize(synthOptions({ out: films, ...FILMS }));
  const store = join(work, "synth.store");
  await prepare(films, store, { cropScale: CROP_SCALE });
  return store;
}

function planOf(store: string) {
  const task = { store, modes: ["linear"], seeds: 3 };
  return {
    name: "learn",
    store,
    arch: "tiny",
    size: 48,
    settings: { preset: "tiny" },
    budget: { steps: STEPS },
    imagesPerStep: IMAGES_PER_STEP,
    rows: ["untrained", "SimCLR", "SSL-FER (full)"],
    evaluations: [
      { ...task, task: "expression", labels: ["100", "400", "all"] },
      { store, modes: ["frozen"], task: "identity", minImages: 4 },
    ],
  };
}

function report({ results }: Reproduction): void {
  for (const { name, result } of results) {
    const reference = results.find(
      (other) => other.name === "SimCLR" && other.result.settings.task === result.settings.task,
    );
    for (const { labels, figures } of result.summary)
      for (const [figure, better] of [
        ["macroF1", "more"],
        ["identification", "less"],
      ] as const) {
        if (!figures[figure]) continue;
        const same = reference?.result.summary.find((summary) => summary.labels === labels);
        print(
          {
            bench: "learn",
            case: `${name}, ${labels} labels`,
            unit: figure,
            ours: figures[figure].mean ?? Number.NaN,
            reference: same?.figures[figure]?.mean ?? null,
            referenceName: "SimCLR",
          },
          better,
        );
      }
  }
}
