import { statSync } from "node:fs";
import { EXPRESSIONS } from "../../lib/expressions.ts";
import { storeFile } from "./environment.ts";
import type { FrameStore } from "./frameStore.ts";
import { addTally, type StoreCounts, type StoreOptions } from "./manifest.ts";

/** What `duchenne inspect` prints. */
export type StoreReport = {
  complete: boolean;
  options: StoreOptions;
  counts: StoreCounts;
  fileBytes: number;
  facesPerPerson: Record<string, number>;
  /** Least, median and most frames of a track, "–" if there is none. */
  framesPerTrack: string;
  /** Labelled frames by expression. */
  labels: Record<string, number>;
  /** Frames with votes of several raters. */
  votedFrames: number;
  /** Their votes by expression, or the sum of their shares. */
  votes: Record<string, number>;
  /** Frames by split. */
  splits: Record<string, number>;
  badRows: Record<string, number>;
  /** One line for each source that could not be read whole. */
  problems: string[];
};

/** Sums up a store; reads every record, but no image. */
export function inspectStore(store: FrameStore): StoreReport {
  const { complete, options, counts, badRows } = store.manifest;
  const clips = store.clips();
  const total = (name: (clip: (typeof clips)[number]) => string | null): Record<string, number> => {
    const sums = new Map<string, number>();
    for (const clip of clips) {
      const key = name(clip);
      if (key !== null) sums.set(key, (sums.get(key) ?? 0) + clip.frameCount);
    }
    return addTally({}, Object.fromEntries(sums));
  };
  return {
    complete,
    options,
    counts,
    fileBytes: statSync(storeFile(store.path)).size,
    facesPerPerson: total(({ person }) => person),
    framesPerTrack: spread(clips.map(({ frameCount }) => frameCount)),
    ...labelCounts(store),
    splits: total(({ split }) => split),
    badRows,
    problems: [...store.sources()].flatMap(({ problem }) =>
      problem ? [`${problem.reason}: ${problem.message}`] : [],
    ),
  };
}

function spread(values: readonly number[]): string {
  if (values.length === 0) return "–";
  const sorted = [...values].sort((a, b) => a - b);
  return [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)].join(", ");
}

function labelCounts(store: FrameStore): Pick<StoreReport, "labels" | "votedFrames" | "votes"> {
  const labels = new Map<string, number>();
  const votes = new Map<string, number>();
  let votedFrames = 0;
  const add = (counts: Map<string, number>, name: string, count: number) =>
    counts.set(name, (counts.get(name) ?? 0) + count);
  for (const { firstFrame, frameCount } of store.clips()) {
    const keys = Array.from({ length: frameCount }, (_, i) => firstFrame + i);
    for (const label of store.readLabels(keys)) {
      if (label.expression !== undefined) add(labels, label.expression, 1);
      if (label.votes === undefined) continue;
      votedFrames += 1;
      for (const [i, count] of label.votes.entries()) if (count > 0) add(votes, EXPRESSIONS[i]!, count);
    }
  }
  const tally = (counts: ReadonlyMap<string, number>) => addTally({}, Object.fromEntries(counts));
  return { labels: tally(labels), votedFrames, votes: tally(votes) };
}
