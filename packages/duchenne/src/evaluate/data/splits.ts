/** Which images train, choose the weights, and test. */
import type { Random } from "../../lib/random.ts";
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
const KNOWN = ["train", "validation", "test"] as const;

/**
 * Divides images by the data set's own splits where it has them: train, validation and test; or train and one other, which is
 * then the test, as AffectNet's validation set is. The rest is drawn: a test part of a fifth, and a validation part of a tenth
 * of the training images, by person.
 * @param store named in errors
 * @throws ProbeError if a part stays empty
 */
export function divide(images: readonly ProbeImage[], store: string, rng: Random): Splits {
  const named = bySplit(images);
  const { train: own = [], validation = [], test = [] } = Object.fromEntries(named);
  const parts = chooseParts(images, own, validation, test, rng);
  for (const part of ["train", "validation", "test"] as const) {
    if (parts[part].length > 0) continue;
    const splits = [...named].map(([name, members]) => `${members.length} images of split ${name}`);
    throw new ProbeError(
      store,
      `images for the ${part} part: more people, or splits named train and test`,
      `none (${splits.join(", ")})`,
    );
  }
  const leftOut = named.filter(([name]) => own.length > 0 && !KNOWN.some((known) => known === name));
  return {
    ...parts,
    leftOut: Object.fromEntries(leftOut.map(([name, { length }]) => [`split ${name}`, length])),
  };
}

type Chosen = Pick<Splits, "train" | "validation" | "test" | "rule">;

function chooseParts(
  images: readonly ProbeImage[],
  own: number[],
  validation: number[],
  test: number[],
  rng: Random,
): Chosen {
  if (own.length > 0 && validation.length > 0 && test.length > 0)
    return { train: own, validation, test, rule: "the data set's own splits" };
  const tenth = "a tenth of train, by person, validates";
  if (own.length > 0 && validation.length + test.length > 0) {
    const [rest, held] = holdOut(images, own, VALIDATION_SHARE, rng.fork("validation"));
    const name = test.length > 0 ? "test" : "validation";
    const tested = test.length > 0 ? test : validation;
    return {
      train: rest,
      validation: held,
      test: tested,
      rule: `trained on train, tested on ${name}; ${tenth}`,
    };
  }
  const all = [...images.keys()];
  const [learned, tested] = holdOut(images, all, TEST_SHARE, rng.fork("test"));
  const [train, held] = holdOut(images, learned, VALIDATION_SHARE, rng.fork("validation"));
  return { train, validation: held, test: tested, rule: `a fifth, by person, is the test; ${tenth}` };
}

function bySplit(images: readonly ProbeImage[]): [string, number[]][] {
  const named = new Map<string, number[]>();
  images.forEach(({ split }, i) => {
    const name = split ?? "none";
    const members = named.get(name);
    if (members) members.push(i);
    else named.set(name, [i]);
  });
  return [...named];
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
