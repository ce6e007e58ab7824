/** What probes predicted, face by face. */
import { existsSync } from "node:fs";
import { FrameStore } from "../../../data/store/frameStore.ts";
import type { ProbeCell, ProbeResult } from "../../../evaluate/schema/result.ts";
import type { ConfusionCounts, FailureList, ValenceArousal } from "../data/reportData.ts";
import { faceImage } from "./faceImage.ts";
import { groups, type NamedResult, storeName } from "./tables.ts";

/** More matrices than this show nothing: then the best row's and the worst one's. */
const MOST_MATRICES = 4;
const MOST_POINTS = 400;
const MOST_FAILURES = 16;
const FAILURES_PER_PERSON = 2;

/** Confusion matrices, valence and arousal, and worst mistakes of some probes. */
export interface Predictions {
  readonly confusions: ConfusionCounts[];
  readonly valenceArousal: ValenceArousal[];
  readonly failures: FailureList[];
  readonly notes: string[];
}

/** Matrices, scatters and worst mistakes of the largest label budget's first seed. */
export async function collectPredictions(results: readonly NamedResult[]): Promise<Predictions> {
  const found: Predictions = { confusions: [], valenceArousal: [], failures: [], notes: [] };
  const sets = groups(
    results.filter(({ result }) => result.cells.length > 0),
    ({ result: { data, settings } }) => `${storeName(data.store)}, ${settings.mode}, ${settings.task}`,
  );
  for (const [, members] of sets) {
    const onePerRow = groups(members, ({ name }) => name).map(([, ofRow]) => ofRow[0]!);
    const ranked = onePerRow.sort((a, b) => scoreOf(b.result) - scoreOf(a.result));
    const { task } = ranked[0]!.result.settings;
    const shown = ranked.length <= MOST_MATRICES ? ranked : [ranked[0]!, ranked.at(-1)!];
    if (task === "expression") {
      found.confusions.push(...shown.flatMap(confusionOf));
      const failures = await failuresOf(ranked[0]!);
      if (typeof failures === "string") found.notes.push(failures);
      else if (failures.faces.length > 0) found.failures.push(failures);
    }
    if (task === "va") found.valenceArousal.push(scatterOf(ranked[0]!));
  }
  return found;
}

function largest({ cells }: ProbeResult): ProbeCell {
  return cells.reduce((best, cell) => (cell.trainImages > best.trainImages ? cell : best));
}

function scoreOf(result: ProbeResult): number {
  const { figures } = largest(result).best;
  return (figures.macroF1 ?? figures.valenceCcc)?.value ?? Number.NEGATIVE_INFINITY;
}

const titleOf = ({ name, result: { data, settings } }: NamedResult): string =>
  `${name}, ${settings.mode}, ${storeName(data.store)}`;

function confusionOf(named: NamedResult): ConfusionCounts[] {
  const { classes } = named.result;
  const { confusion } = largest(named.result).best;
  return classes && confusion ? [{ title: titleOf(named), classes, counts: confusion }] : [];
}

/** An even choice, if there are too many to show. */
function scatterOf(named: NamedResult): ValenceArousal {
  const { test } = named.result;
  const { predictions } = largest(named.result).best;
  const shown = Math.min(MOST_POINTS, test.keys.length);
  const points = Array.from({ length: shown }, (_, n) => {
    const i = 2 * Math.floor((n * test.keys.length) / shown);
    return {
      valence: test.labels[i]!,
      arousal: test.labels[i + 1]!,
      predictedValence: predictions[i]!,
      predictedArousal: predictions[i + 1]!,
    };
  });
  return { title: titleOf(named), points };
}

/** @returns a note instead where the faces are not at hand */
async function failuresOf(named: NamedResult): Promise<FailureList | string> {
  const { data, classes } = named.result;
  if (!existsSync(data.store)) return `No failures are shown: the store ${data.store} is not there.`;
  const store = FrameStore.open(data.store);
  try {
    const faces = await Promise.all(
      worstMistakes(named.result).map(async ({ key, truth, prediction, confidence }) => ({
        image: await faceImage(store, key),
        truth: classes![truth]!,
        prediction: classes![prediction]!,
        ...(confidence === undefined ? {} : { confidence }),
      })),
    );
    return { title: titleOf(named), faces };
  } finally {
    await store.close();
  }
}

interface Mistake {
  readonly key: number;
  readonly person: string | null;
  readonly truth: number;
  readonly prediction: number;
  readonly confidence: number | undefined;
}

/** The most certain first, few of each person. */
function worstMistakes(result: ProbeResult): Mistake[] {
  const { keys, labels, persons } = result.test;
  const { predictions, confidence } = largest(result).best;
  const mistakes = keys
    .map((key, i) => ({
      key,
      person: persons[i] ?? null,
      truth: labels[i]!,
      prediction: predictions[i]!,
      confidence: confidence?.[i],
    }))
    .filter(({ truth, prediction }) => truth !== prediction)
    .sort((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0));
  const perPerson = new Map<string, number>();
  return mistakes
    .filter(({ person }) => {
      if (person === null) return true;
      const before = perPerson.get(person) ?? 0;
      perPerson.set(person, before + 1);
      return before < FAILURES_PER_PERSON;
    })
    .slice(0, MOST_FAILURES);
}
