/** Stills of synthetic actors in the layout of Labeled Faces in the Wild. */
import { existsSync } from "node:fs";
import path from "node:path";
import { Random } from "../lib/random.ts";
import { type Actor, createActor, type SynthPlan } from "./film/film.ts";
import { writeAtomically } from "./manifest.ts";
import { type LayoutWriter, picture, save } from "./still.ts";

/** Whole pictures by name, without splits or labels, and the pairs of its verification protocol. */
export function lfwWriter(out: string, plan: SynthPlan): LayoutWriter {
  const counts = new Map<string, number>();
  const fileOf = (name: string, number: number) =>
    path.join(out, "lfw", name, `${name}_${String(number).padStart(4, "0")}.jpg`);
  return {
    // Pictures are written in order, so the last one is there when all are.
    isDone: (actor) => existsSync(fileOf(actor.name, stillCount(actor))),
    async add({ actor: { name }, ...still }) {
      const number = (counts.get(name) ?? 0) + 1;
      counts.set(name, number);
      await save(picture(still), fileOf(name, number));
    },
    finish() {
      const actors = Array.from({ length: plan.actors }, (_, index) => createActor(plan, index));
      const people = actors.map((actor) => ({ name: actor.name, count: stillCount(actor) }));
      const pairs = lfwPairs(people, Random.fromSeed(plan.seed).fork("pairs"));
      if (pairs) writeAtomically(path.join(out, "pairs.txt"), pairs);
    },
  };
}

const stillCount = ({ scripts }: Actor): number =>
  scripts.reduce((sum, { showings }) => sum + showings.length, 0);

/** LFW's own numbers. */
const [FOLDS, PAIRS_PER_FOLD] = [10, 300];

interface Photographed {
  readonly name: string;
  /** Pictures. */
  readonly count: number;
}

/**
 * Pairs of one person and of two, drawn anew for each line; unlike LFW's, folds share people.
 * @returns pairs.txt; undefined if nobody has two pictures, or there is one person
 */
function lfwPairs(people: readonly Photographed[], rng: Random): string | undefined {
  const pairable = people.filter(({ count }) => count > 1);
  if (people.length < 2 || pairable.length === 0) return undefined;
  const same = () => {
    const { name, count } = rng.choice(pairable);
    const [a, b] = twoOf(count, rng);
    return [name, a + 1, b + 1];
  };
  const different = () => {
    const two = twoOf(people.length, rng).map((i) => people[i]!);
    return two.flatMap(({ name, count }) => [name, 1 + rng.integer(count)]);
  };
  const lines = Array.from({ length: FOLDS }, () => [same, different]).flatMap((kinds) =>
    kinds.flatMap((pair) => Array.from({ length: PAIRS_PER_FOLD }, () => pair().join("\t"))),
  );
  return `${[`${FOLDS}\t${PAIRS_PER_FOLD}`, ...lines].join("\n")}\n`;
}

/** Two different numbers from 0 to n − 1. */
function twoOf(n: number, rng: Random): [number, number] {
  const first = rng.integer(n);
  const second = rng.integer(n - 1);
  return [first, second < first ? second : second + 1];
}
