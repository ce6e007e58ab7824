import type { FrameStore } from "../../data/store/frameStore.ts";
import type { Expression } from "../../lib/expressions.ts";
import { Random } from "../../lib/random.ts";
import { ProbeError } from "../schema/errors.ts";
import type { ProbeSettings } from "../schema/options.ts";
import type { ProbeResult, SplitCounts } from "../schema/result.ts";
import { type ProbeImage, readImages } from "./readImages.ts";
import { divide, type Splits } from "./splits.ts";
import {
  affectTargets,
  checkClasses,
  classesOf,
  classTargets,
  countClasses,
  type Targets,
} from "./targets.ts";

/** What is learned from and tested on, before anything is computed. */
export interface EvaluationPlan {
  readonly images: readonly ProbeImage[];
  readonly splits: Splits;
  /** Null for the task identity, where names are all there is. */
  readonly targets: Targets | null;
  readonly leftOut: Readonly<Record<string, number>>;
}

/** @throws ProbeError if the store does not hold what the task needs */
export function makePlan(store: FrameStore, settings: ProbeSettings): EvaluationPlan {
  const rng = Random.fromSeed(settings.seed).fork("probe");
  const { images, leftOut } = readImages(store, settings, rng.fork("frames"));
  if (settings.task === "identity") return identityPlan(images, leftOut);
  const splits = divide(images, store.path, rng.fork("parts"));
  const targets = targetsOf(images, store, settings);
  if (targets.kind === "classes") checkClasses(targets, splits, store.path);
  return { images, splits, targets, leftOut: { ...leftOut, ...splits.leftOut } };
}

/** People of the test part, whom pre-training on the others has not met; everybody, where there is none. */
function identityPlan(
  images: readonly ProbeImage[],
  leftOut: Readonly<Record<string, number>>,
): EvaluationPlan {
  const tested = images.filter(({ split }) => split === "test");
  const rule = tested.length > 0 ? "people of the test part" : "all people";
  const used = tested.length > 0 ? tested : images;
  const splits = { train: [], validation: [], test: [...used.keys()], rule, leftOut: {} };
  const others = images.length - used.length;
  const more = others > 0 ? { "people of other parts": others } : {};
  return { images: used, splits, targets: null, leftOut: { ...leftOut, ...more } };
}

function targetsOf(
  images: readonly ProbeImage[],
  store: FrameStore,
  { task, classes }: ProbeSettings,
): Targets {
  if (task === "va") return affectTargets(images);
  const occurring = classesOf(images, store.manifest.options.dataset);
  const absent = classes?.filter((name) => !occurring.includes(name)) ?? [];
  if (absent.length > 0)
    throw new ProbeError(
      "classes",
      `expressions that ${store.path} has: ${occurring.join(", ")}`,
      absent.join(", "),
    );
  return classTargets(images, occurring);
}

/** The plan as a result tells it. */
export function describePlan(
  store: FrameStore,
  { images, splits, targets, leftOut }: EvaluationPlan,
): ProbeResult["data"] {
  const { options } = store.manifest;
  const count = (indices: readonly number[]): SplitCounts => ({
    images: indices.length,
    persons: new Set(indices.map((i) => images[i]!.person).filter((person) => person !== null)).size,
    perClass: targets?.kind === "classes" ? countClasses(targets, indices) : null,
  });
  return {
    store: store.path,
    dataset: options.dataset,
    digest: store.digest(),
    splitRule: splits.rule,
    train: count(splits.train),
    validation: count(splits.validation),
    test: count(splits.test),
    leftOut: { ...leftOut },
    duplicates: [],
  };
}

/** Labels of the test part as a result tells them. */
export function describeTest({ images, splits, targets }: EvaluationPlan): ProbeResult["test"] {
  const { test } = splits;
  const width = targets?.kind === "affect" ? 2 : 1;
  const values = (i: number) => Array.from(targets?.values.slice(width * i, width * (i + 1)) ?? []);
  return {
    keys: test.map((i) => images[i]!.key),
    labels: test.flatMap(values).map((value) => Number(value.toFixed(4))),
    persons: test.map((i) => images[i]!.person),
  };
}

/** Class names by number; null where there are none. */
export const classNames = ({ targets }: EvaluationPlan): Expression[] | null =>
  targets?.kind === "classes" ? [...targets.classes] : null;
