/** The labels of images as numbers: classes, or valence and arousal. */

import { withoutSingles } from "../../data/datasets/votes.ts";
import { settingText } from "../../lib/errors.ts";
import { EXPRESSION_ORDERS, EXPRESSIONS, type Expression } from "../../lib/expressions.ts";
import { ProbeError } from "../schema/errors.ts";
import type { ProbeImage } from "./readImages.ts";
import type { Splits } from "./splits.ts";

/** Class numbers of n images. */
export interface ClassTargets {
  readonly kind: "classes";
  readonly classes: readonly Expression[];
  /** [n]; -1 for an image that has votes without a majority, which is only trained on, and evaluates nothing. */
  readonly values: Int32Array;
  /** [n · classes] votes of raters without single ones, zeros if there are none; undefined unless they are trained on. */
  readonly votes?: Float32Array;
}

/** Valence and arousal of n images. */
export interface AffectTargets {
  readonly kind: "affect";
  /** [n · 2] valence, arousal, each in [-1, 1]. */
  readonly values: Float32Array;
}

/** Labels of all images, for the task expression or va. */
export type Targets = ClassTargets | AffectTargets;

/** Numbers that a predictor outputs per image. */
export const outputsOf = (targets: Targets): number =>
  targets.kind === "classes" ? targets.classes.length : 2;

/** Expressions that occur, in the order of the data set's tables. @param dataset how the source was read, such as fer2013 */
export function classesOf(images: readonly ProbeImage[], dataset: string): Expression[] {
  const occurring = new Set(images.map(({ labels }) => labels.expression));
  const order = dataset === "fer2013" ? [...EXPRESSION_ORDERS.fer2013, "contempt" as const] : EXPRESSIONS;
  return order.filter((name) => occurring.has(name));
}

/** Class numbers of images. @param images each with an expression of `classes`, or with votes   @param withVotes keeps the votes */
export function classTargets(
  images: readonly ProbeImage[],
  classes: readonly Expression[],
  withVotes = false,
): ClassTargets {
  const values = Int32Array.from(images, ({ labels }) => classes.indexOf(labels.expression!));
  if (!withVotes) return { kind: "classes", classes, values };
  const places = classes.map((name) => EXPRESSIONS.indexOf(name));
  const votes = new Float32Array(images.length * classes.length);
  images.forEach(({ labels }, i) => {
    // Before the choice of classes, or an outlier could be all that is left.
    const counted = withoutSingles(labels.votes ?? []);
    places.forEach((place, c) => {
      votes[i * classes.length + c] = counted[place] ?? 0;
    });
  });
  return { kind: "classes", classes, values, votes };
}

/**
 * What an image is trained towards: the shares of its votes, as FER+'s authors train; or its class alone.
 * @returns [classes] that sum to 1
 * @see Barsoum, Zhang, Canton Ferrer, Zhang, ICMI 2016, section 4 (probabilistic label drawing, cross-entropy loss)
 */
export function shareRow({ classes, values, votes }: ClassTargets, image: number): number[] {
  const given = classes.map((_, c) => votes?.[image * classes.length + c] ?? 0);
  const total = given.reduce((sum, count) => sum + count, 0);
  return total > 0
    ? given.map((count) => count / total)
    : classes.map((_, c) => (c === values[image] ? 1 : 0));
}

/** Valence and arousal of images. @param images each with both */
export function affectTargets(images: readonly ProbeImage[]): AffectTargets {
  const values = new Float32Array(2 * images.length);
  images.forEach(({ labels }, i) => {
    values.set([labels.valence!, labels.arousal!], 2 * i);
  });
  return { kind: "affect", values };
}

/** Counts images per class. @param indices of the images to count   @returns [classes] */
export function countClasses({ classes, values }: ClassTargets, indices: readonly number[]): number[] {
  const counts = new Array<number>(classes.length).fill(0);
  for (const i of indices) if (values[i]! >= 0) counts[values[i]!]! += 1;
  return counts;
}

/** Checks that each class has training images. @throws ProbeError if a class has none, or if there are fewer than two classes */
export function checkClasses(targets: ClassTargets, splits: Splits, store: string): void {
  const { classes } = targets;
  if (classes.length < 2)
    throw new ProbeError(
      store,
      "images of at least two expressions",
      classes.join(", "),
      "Prepare images of another expression.",
    );
  const [trained, ...others] = [splits.train, splits.validation, splits.test].map((part) =>
    countClasses(targets, part),
  );
  const missing = classes.findIndex((_, c) => trained![c] === 0);
  if (missing < 0) return;
  const elsewhere = others.reduce((sum, counts) => sum + counts[missing]!, 0);
  const rest = classes.filter((_, c) => trained![c]! > 0);
  throw new ProbeError(
    store,
    "training images of every expression",
    `none of ${classes[missing]}, which ${elsewhere} images of other splits show`,
    `Add training images of ${classes[missing]}, or leave it out with ${settingText("classes", rest)}.`,
  );
}
