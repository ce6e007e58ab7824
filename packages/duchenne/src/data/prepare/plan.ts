import { dirname, relative, sep } from "node:path";
import { placeOf } from "../datasets/fields.ts";
import { DataError, type Sample, type SampleSource } from "../datasets/types.ts";
import { isDirectory } from "../datasets/walk.ts";
import type { FrameLabels } from "../store/record.ts";

/** Labels of one moment, or of all of the source if there is no time. */
export type TimedLabels = { timeSeconds: number | undefined; labels: FrameLabels };

/** One thing to read: a video, a folder of frames or a still, with all that is known of it. */
export type SourcePlan = {
  /** Unique within the data set and independent of where it lies. */
  id: string;
  source: SampleSource;
  person: string | null;
  split: string | null;
  /** In order of time, those without one first. */
  labels: TimedLabels[];
};

/**
 * Gathers samples into sources, in the order in which each first appears.
 * @param root the source as the user named it; ids are relative to it
 * @param onProblem called for samples that contradict an earlier one of the same source
 */
export async function planSources(
  samples: AsyncIterable<Sample>,
  root: string,
  onProblem: (problem: DataError) => void,
): Promise<SourcePlan[]> {
  const base = isDirectory(root) ? root : dirname(root);
  const plans = new Map<string, SourcePlan>();
  for await (const sample of samples) {
    const id = sourceId(sample.source, base);
    const known = plans.get(id);
    if (known === undefined) plans.set(id, newPlan(id, sample));
    else addLabels(known, sample, onProblem);
  }
  const all = [...plans.values()];
  for (const { labels } of all) labels.sort((a, b) => (a.timeSeconds ?? -1) - (b.timeSeconds ?? -1));
  return all;
}

function sourceId(source: SampleSource, base: string): string {
  const path = relative(base, source.path).split(sep).join("/") || ".";
  if (source.kind === "pixels") return `${path}:${source.row}`;
  if (source.kind !== "still" || source.box === undefined) return path;
  // A photograph of several people is listed once for each.
  const { left, top, width, height } = source.box;
  return `${path}@${left},${top},${width},${height}`;
}

/** One form of a name, however the disk or the table writes its accents. */
const personOf = ({ subject }: Sample): string | null => subject?.normalize("NFC") ?? null;

const newPlan = (id: string, sample: Sample): SourcePlan => ({
  id,
  source: sample.source,
  person: personOf(sample),
  split: sample.split ?? null,
  labels: timedLabels(sample),
});

function timedLabels({ timeSeconds, expression, valence, arousal, intensity, votes }: Sample): TimedLabels[] {
  const labels: FrameLabels = {
    ...(expression !== undefined && { expression }),
    ...(valence !== undefined && { valence }),
    ...(arousal !== undefined && { arousal }),
    ...(intensity !== undefined && { intensity }),
    ...(votes !== undefined && { votes }),
  };
  return Object.keys(labels).length === 0 ? [] : [{ timeSeconds, labels }];
}

function addLabels(plan: SourcePlan, sample: Sample, onProblem: (problem: DataError) => void): void {
  const about = { reason: "conflict", ...placeOf(sample) } as const;
  const known = JSON.stringify([plan.person, plan.split]);
  const given = JSON.stringify([personOf(sample), sample.split ?? null]);
  if (known !== given) {
    const expected = `the subject and split of the first row of ${plan.id}, ${known}`;
    onProblem(new DataError({ ...about, expected, received: given }));
  } else if (sample.timeSeconds === undefined) {
    const expected = `one row for ${plan.id}, or rows with a time`;
    onProblem(new DataError({ ...about, expected, received: anotherRow(plan, sample) }));
  } else plan.labels.push(...timedLabels(sample));
}

/** Says whether a second row, which has no time, would change anything. */
function anotherRow({ labels }: SourcePlan, sample: Sample): string {
  const [first, second] = [labels, timedLabels(sample)].map((all) => JSON.stringify(all[0]?.labels ?? {}));
  return first === second && labels[0]?.timeSeconds === undefined
    ? "the same row again"
    : `another row, with ${second} after ${first}`;
}

/**
 * The labels that hold at a time: those of the nearest labelled moment within `reachSeconds`, and those without a time.
 */
export function labelsAt(
  labels: readonly TimedLabels[],
  timeSeconds: number,
  reachSeconds: number,
): FrameLabels {
  let nearest: TimedLabels | undefined;
  let distance = reachSeconds;
  const result: FrameLabels = {};
  for (const entry of labels) {
    if (entry.timeSeconds === undefined) Object.assign(result, entry.labels);
    else if (Math.abs(entry.timeSeconds - timeSeconds) <= distance) {
      nearest = entry;
      distance = Math.abs(entry.timeSeconds - timeSeconds);
    }
  }
  return { ...result, ...nearest?.labels };
}
