/** Divides images into those that train, those that choose the weights, and those that test. */
import type { Random } from "../../lib/random.ts";
import { KNOWN_SPLITS, parseSplit, SPLITS } from "../../lib/splitNames.ts";
import { ProbeError } from "../schema/errors.ts";
import type { ProbeImage } from "./readImages.ts";

/**
 * Indices into the images. No person, and no source if persons are unknown, is in two splits, unless the data set's own splits
 * divide one.
 */
export interface Splits {
  readonly train: number[];
  readonly validation: number[];
  readonly test: number[];
  /** How the splits were made, in words. */
  readonly rule: string;
  /** Images of splits with other names, by name. */
  readonly leftOut: Readonly<Record<string, number>>;
}

const TEST_SHARE = 0.2;
const VALIDATION_SHARE = 0.1;

/**
 * Divides images by the data set's own splits: train, validation and test; or train and one other, which then tests, as AffectNet's
 * validation set does. If the data set has no splits, they are drawn by person: a fifth tests, and a tenth of the training images
 * validates.
 * @param store path, for errors
 * @throws ProbeError if a split stays empty, or if the names of the splits do not divide the images
 */
export function divide(images: readonly ProbeImage[], store: string, rng: Random): Splits {
  const named = bySplit(images);
  const own = ownSplits(images, named, rng);
  if (own === undefined) checkUndivided(named, store);
  const chosen = own ?? draw(images, rng);
  for (const split of SPLITS) {
    if (chosen[split].length > 0) continue;
    throw new ProbeError(
      store,
      `images for the ${split} split`,
      `none (${describeSplits(named)})`,
      "Prepare more people, or a data set with splits named train and test.",
    );
  }
  const leftOut = [...named].filter(([name]) => own !== undefined && !isKnown(name));
  return {
    ...chosen,
    leftOut: Object.fromEntries(leftOut.map(([name, { length }]) => [`split ${name}`, length])),
  };
}

type ChosenSplits = Pick<Splits, "train" | "validation" | "test" | "rule">;
/** Indices into the images, by the name of their split. */
type Named = ReadonlyMap<string, number[]>;

const NO_SPLIT = "none";
const TENTH = "a tenth of train, by person, validates";

const isKnown = (name: string): boolean => SPLITS.some((split) => split === name);

const describeSplits = (named: Named): string =>
  [...named].map(([name, { length }]) => `${length} images of split ${name}`).join(", ");

/** The splits that the data set itself has; undefined without train and one other. */
function ownSplits(images: readonly ProbeImage[], named: Named, rng: Random): ChosenSplits | undefined {
  const [train = [], validation = [], test = []] = SPLITS.map((part) => named.get(part));
  if (train.length === 0 || validation.length + test.length === 0) return undefined;
  if (validation.length > 0 && test.length > 0)
    return { train, validation, test, rule: "the data set's own splits" };
  const [rest, held] = holdOut(images, train, VALIDATION_SHARE, rng.fork("validation"));
  const [name, tested] = test.length > 0 ? ["test", test] : ["validation", validation];
  return {
    train: rest,
    validation: held,
    test: tested,
    rule: `trained on train, tested on ${name}; ${TENTH}`,
  };
}

/** Refuses to draw splits if those of the data set mean a division, which drawing would ignore. */
function checkUndivided(named: Named, store: string): void {
  const names = [...named.keys()];
  const unknown = names.filter((name) => name !== NO_SPLIT && !isKnown(name));
  const hasOthers = names.length > 1 && names.some((name) => name === "validation" || name === "test");
  if (unknown.length === 0 && !hasOthers) return;
  throw new ProbeError(
    store,
    `splits named ${KNOWN_SPLITS}, train and one other at least`,
    describeSplits(named),
    "Correct their names in the labels file, and prepare it again.",
  );
}

function draw(images: readonly ProbeImage[], rng: Random): ChosenSplits {
  const all = [...images.keys()];
  const [learned, tested] = holdOut(images, all, TEST_SHARE, rng.fork("test"));
  const [train, held] = holdOut(images, learned, VALIDATION_SHARE, rng.fork("validation"));
  return { train, validation: held, test: tested, rule: `a fifth, by person, is the test; ${TENTH}` };
}

function bySplit(images: readonly ProbeImage[]): Named {
  const named = new Map<string, number[]>();
  images.forEach(({ split }, i) => {
    const name = split === null ? NO_SPLIT : (parseSplit(split) ?? split);
    const members = named.get(name);
    if (members) members.push(i);
    else named.set(name, [i]);
  });
  return named;
}

/** Holds out whole persons, in random order, until the share is reached. @returns [rest, held out], both ascending */
function holdOut(
  images: readonly ProbeImage[],
  from: readonly number[],
  share: number,
  rng: Random,
): [number[], number[]] {
  const groups = new Map<string, number[]>();
  for (const i of from) {
    const { person, source } = images[i]!;
    const name = person === null ? `source ${source}` : `person ${person}`;
    const members = groups.get(name);
    if (members) members.push(i);
    else groups.set(name, [i]);
  }
  const [held, rest]: [number[], number[]] = [[], []];
  // One group stays for training.
  const order = rng.shuffle([...groups.keys()]);
  for (const [g, name] of order.entries()) {
    const full = held.length >= share * from.length || g === order.length - 1;
    (full ? rest : held).push(...groups.get(name)!);
  }
  return [rest.sort((a, b) => a - b), held.sort((a, b) => a - b)];
}
