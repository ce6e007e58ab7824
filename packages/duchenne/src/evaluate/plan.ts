/** What an evaluation trains and tests on, decided before anything is computed. */

import type { FrameStore } from "../data/store/frameStore.ts";
import { originOf } from "../data/store/origin.ts";
import { setting } from "../lib/errors.ts";
import type { Expression } from "../lib/expressions.ts";
import { Random } from "../lib/random.ts";
import { type ProbeImage, readImages } from "./data/readImages.ts";
import { divide, type Splits } from "./data/splits.ts";
import {
  affectTargets,
  type ClassTargets,
  checkClasses,
  classesOf,
  classTargets,
  countClasses,
  type Targets,
} from "./data/targets.ts";
import { unlabelledKeys } from "./data/unlabelled.ts";
import { ProbeError } from "./schema/errors.ts";
import type { ProbeSettings } from "./schema/options.ts";
import type { ProbeResult, SplitCounts } from "./schema/result.ts";

/** Images, splits and targets of an evaluation. */
export interface EvaluationPlan {
  readonly images: readonly ProbeImage[];
  readonly splits: Splits;
  /** Null for the task identity, whose labels are the persons. */
  readonly targets: Targets | null;
  /** Images left out, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
}

/** Reads and divides the images that the task can use. @throws ProbeError if the store does not hold what the task needs */
export function makePlan(store: FrameStore, settings: ProbeSettings): EvaluationPlan {
  const rng = Random.fromSeed(settings.seed).fork("probe");
  const { images, leftOut } = readImages(store, settings, rng.fork("frames"));
  if (settings.task === "identity") return identityPlan(images, leftOut);
  const divided = divide(images, store.path, rng.fork("parts"));
  const targets = targetsOf(images, store, settings);
  if (targets.kind === "affect")
    return { images, splits: divided, targets, leftOut: { ...leftOut, ...divided.leftOut } };
  const { splits, unclear } = withoutUnclear(divided, targets);
  const empty = (["validation", "test"] as const).find((split) => splits[split].length === 0);
  if (empty)
    throw new ProbeError(
      store.path,
      `images for the ${empty} split whose votes have a majority`,
      "none",
      "Prepare more images, or others.",
    );
  checkClasses(targets, splits, store.path);
  const more = unclear > 0 ? { "validation or test image without a majority of votes": unclear } : {};
  return { images, splits, targets, leftOut: { ...leftOut, ...splits.leftOut, ...more } };
}

/** Images whose votes have no majority are trained on, and evaluate nothing. */
function withoutUnclear(splits: Splits, { values }: ClassTargets): { splits: Splits; unclear: number } {
  const clear = (indices: readonly number[]) => indices.filter((i) => values[i]! >= 0);
  const [validation, test] = [clear(splits.validation), clear(splits.test)];
  const unclear = splits.validation.length + splits.test.length - validation.length - test.length;
  return { splits: { ...splits, validation, test }, unclear };
}

/** Takes the people of the test split, who are new to a backbone pre-trained on the others; all people if there is no test split. */
function identityPlan(
  images: readonly ProbeImage[],
  leftOut: Readonly<Record<string, number>>,
): EvaluationPlan {
  const tested = images.filter(({ split }) => split === "test");
  const rule = tested.length > 0 ? "people of the test split" : "all people";
  const used = tested.length > 0 ? tested : images;
  const splits = { train: [], validation: [], test: [...used.keys()], rule, leftOut: {} };
  const others = images.length - used.length;
  const more = others > 0 ? { "people of other splits": others } : {};
  return { images: used, splits, targets: null, leftOut: { ...leftOut, ...more } };
}

function targetsOf(
  images: readonly ProbeImage[],
  store: FrameStore,
  { task, classes, loss }: ProbeSettings,
): Targets {
  if (task === "va") return affectTargets(images);
  const occurring = classesOf(images, store.manifest.options.dataset);
  const absent = classes?.filter((name) => !occurring.includes(name)) ?? [];
  if (absent.length > 0)
    throw new ProbeError(
      setting("classes"),
      `expressions that occur in ${store.path}`,
      absent.join(", "),
      `Choose from ${occurring.join(", ")}.`,
    );
  if (loss === "votes" && !images.some(({ labels }) => labels.votes !== undefined))
    throw new ProbeError(
      store.path,
      "images with votes for the loss votes",
      "none with votes",
      "Prepare a table with a column of votes for each expression, or choose another loss.",
    );
  return classTargets(images, occurring, loss === "votes");
}

/** The `data` field of a result. */
export function describePlan(
  store: FrameStore,
  { images, splits, targets, leftOut }: EvaluationPlan,
  settings: Pick<ProbeSettings, "semi" | "framesPerClip">,
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
    origin: originOf(store.manifest),
    digest: store.digest(),
    splitRule: splits.rule,
    train: count(splits.train),
    validation: count(splits.validation),
    test: count(splits.test),
    ...(settings.semi && { unlabelled: unlabelledKeys(store, images, splits, settings).length }),
    leftOut: { ...leftOut },
    duplicates: [],
  };
}

/** The `test` field of a result: keys, labels and persons of the test split. */
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

/** Class names by number; null for a task without classes. */
export const classNames = ({ targets }: EvaluationPlan): Expression[] | null =>
  targets?.kind === "classes" ? [...targets.classes] : null;
