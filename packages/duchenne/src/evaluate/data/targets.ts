/** What is to be predicted, as numbers; which classes there are. */
import { EXPRESSION_ORDERS, EXPRESSIONS, type Expression } from "../../lib/expressions.ts";
import { ProbeError } from "../schema/errors.ts";
import type { ProbeImage } from "./readImages.ts";
import type { Splits } from "./splits.ts";

/** Class numbers of all images. */
export interface ClassTargets {
  readonly kind: "classes";
  readonly classes: readonly Expression[];
  /** [n] */
  readonly values: Int32Array;
}

/** Valence and arousal of all images. */
export interface AffectTargets {
  readonly kind: "affect";
  /** [n · 2] valence, arousal. */
  readonly values: Float32Array;
}

export type Targets = ClassTargets | AffectTargets;

/** Numbers the predictor puts out per image. */
export const outputsOf = (targets: Targets): number =>
  targets.kind === "classes" ? targets.classes.length : 2;

/** The expressions that occur, in the order in which the data set's tables have them. */
export function classesOf(images: readonly ProbeImage[], dataset: string): Expression[] {
  const occurring = new Set(images.map(({ labels }) => labels.expression));
  const order = dataset === "fer2013" ? [...EXPRESSION_ORDERS.fer2013, "contempt" as const] : EXPRESSIONS;
  return order.filter((name) => occurring.has(name));
}

/** @param images all with an expression of `classes` */
export function classTargets(images: readonly ProbeImage[], classes: readonly Expression[]): ClassTargets {
  const values = Int32Array.from(images, ({ labels }) => classes.indexOf(labels.expression!));
  return { kind: "classes", classes, values };
}

/** @param images all with valence and arousal */
export function affectTargets(images: readonly ProbeImage[]): AffectTargets {
  const values = new Float32Array(2 * images.length);
  images.forEach(({ labels }, i) => {
    values.set([labels.valence!, labels.arousal!], 2 * i);
  });
  return { kind: "affect", values };
}

/** Images per class among some of them. */
export function countClasses({ classes, values }: ClassTargets, indices: readonly number[]): number[] {
  const counts = new Array<number>(classes.length).fill(0);
  for (const i of indices) counts[values[i]!]! += 1;
  return counts;
}

/** @throws ProbeError for a class that is tested or chosen by, but never learned, or where there is but one class */
export function checkClasses(targets: ClassTargets, splits: Splits, store: string): void {
  const { classes } = targets;
  if (classes.length < 2)
    throw new ProbeError(store, "at least two expressions to tell apart", classes.join(", "));
  const [learned, ...others] = [splits.train, splits.validation, splits.test].map((part) =>
    countClasses(targets, part),
  );
  const missing = classes.findIndex((_, c) => learned![c] === 0);
  if (missing < 0) return;
  const elsewhere = others.reduce((sum, counts) => sum + counts[missing]!, 0);
  const rest = classes.filter((_, c) => learned![c]! > 0);
  throw new ProbeError(
    store,
    `training images of every expression: add some of ${classes[missing]}, or leave it out with --classes ${rest.join(",")}`,
    `none of ${classes[missing]}, which ${elsewhere} other images show`,
  );
}
