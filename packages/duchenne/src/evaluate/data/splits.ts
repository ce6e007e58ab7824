/** Which images train, choose the weights, and test. */

import type { Random } from "../../lib/random.ts";
import { KNOWN_SPLITS, parseSplit, SPLITS } from "../../lib/splitNames.ts";
import { ProbeError } from "../schema/errors.ts";
import type { ProbeImage } from "./readImages.ts";

/** Indices into the images. No person, and no film where people are unknown, is in two splits, unless the data set's own splits do that. */
export interface Splits {
  readonly train: number[];
  readonly validation: number[];
  readonly test: number[];
  /** How the splits were made, for the reader of a table. */
  readonly rule: string;
  /** Images of splits with other names, by name. */
  readonly leftOut: Readonly<Record<string, number>>;
}

const TEST_SHARE = 0.2;
const VALIDATION_SHARE = 0.1;

/**
 * Divides images by the data set's own splits where it has them: train, validation and test; or train and one other, which is
 * then the test, as AffectNet's validation set is. Without such splits the parts are drawn: a test part of a fifth, and a
 * validation part of a tenth of the training images, by person.
 * @param store named in errors
 * @throws ProbeError if a part stays empty, or if there are splits by which the images cannot be divided
 */
export function divide(images: readonly ProbeImage[], store: string, rng: Random): Splits {
  const named = bySplit(images);
  const own = ownSplits(images, named, rng);
  if (own === undefined) checkUndivided(named, store);
  const chosen = own ?? draw(images, rng);
  for (const part of SPLITS) {
    if (chosen[part].length > 0) continue;
    throw new ProbeError(
      store,
      `images for the ${part} part: more people, or splits named train and test`,
      `none (${describeSplits(named)})`,
    );
  }
  const leftOut = [...named].filter(([name]) => own !== undefined && !isPart(name));
  return {
    ...chosen,
    leftOut: Object.fromEntries(leftOut.map(([name, { length }]) => [`split ${name}`, length])),
  };
}

type Chosen = Pick<Splits, "train" | "validation" | "test" | "rule">;
/** Indices into the images, by the name of their split. */
type Named = ReadonlyMap<string, number[]>;

const NO_SPLIT = "none";
const TENTH = "a tenth of train, by person, validates";

const isPart = (name: string): boolean => SPLITS.some((part) => part === name);

const describeSplits = (named: Named): string =>
  [...named].map(([name, { length }]) => `${length} images of split ${name}`).join(", ");

/** The parts by the data set's own splits; undefined without train and another. */
function ownSplits(images: readonly ProbeImage[], named: Named, rng: Random): Chosen | undefined {
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

/** Parts are drawn only if the names of the splits do not mean a division, which drawing would ignore. */
function checkUndivided(named: Named, store: string): void {
  const names = [...named.keys()];
  const unknown = names.filter((name) => name !== NO_SPLIT && !isPart(name));
  const hasOthers = names.length > 1 && names.some((name) => name === "validation" || name === "test");
  if (unknown.length === 0 && !hasOthers) return;
  throw new ProbeError(
    store,
    `splits named ${KNOWN_SPLITS}, train and one other at least: correct them in the labels file and prepare it again`,
    describeSplits(named),
  );
}

function draw(images: readonly ProbeImage[], rng: Random): Chosen {
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

/** Sets whole people aside, in random order, until the share is reached. @returns [rest, held], both ascending */
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
  // One group stays, so that there is something to learn from.
  const order = rng.shuffle([...groups.keys()]);
  for (const [g, name] of order.entries()) {
    const full = held.length >= share * from.length || g === order.length - 1;
    (full ? rest : held).push(...groups.get(name)!);
  }
  return [rest.sort((a, b) => a - b), held.sort((a, b) => a - b)];
}
