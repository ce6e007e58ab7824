/** Reads the images of a store that a task can use. */
import { withoutSingles } from "../../data/datasets/votes.ts";
import type { StoredClip } from "../../data/store/environment.ts";
import type { FrameStore } from "../../data/store/frameStore.ts";
import type { FrameLabels } from "../../data/store/record.ts";
import { EXPRESSIONS, type Expression } from "../../lib/expressions.ts";
import type { Random } from "../../lib/random.ts";
import { ProbeError } from "../schema/errors.ts";
import type { ExpressionLoss, ProbeSettings, Task } from "../schema/options.ts";

/** A stored frame that a task can use. */
export interface ProbeImage {
  /** Frame key. */
  readonly key: number;
  /** Clip key. */
  readonly clip: number;
  /** Id of the source, unique to a video or still. */
  readonly source: string;
  /** Null if unknown. */
  readonly person: string | null;
  /** Split by the data set; null if it names none. */
  readonly split: string | null;
  readonly labels: FrameLabels;
}

/** The images for a task. */
export interface ReadImages {
  readonly images: ProbeImage[];
  /** Frames left out, by reason. */
  readonly leftOut: Record<string, number>;
}

/** Why a task cannot use a frame; undefined if it can. */
type Objection = (clip: StoredClip, labels: FrameLabels) => string | undefined;

const OBJECTIONS: Readonly<
  Record<Task, (classes: readonly Expression[], loss: ExpressionLoss) => Objection>
> = {
  expression: (classes, loss) => (_, labels) => {
    if (loss === "votes" && labels.expression === undefined && hasVotes(labels, classes)) return undefined;
    if (labels.expression === undefined) return "no expression label";
    return classes.includes(labels.expression) ? undefined : `not one of ${classes.join(", ")}`;
  },
  va: () => (_, labels) =>
    labels.valence === undefined || labels.arousal === undefined ? "no valence and arousal" : undefined,
  identity: () => (clip) => (clip.person === null ? "person unknown" : undefined),
};

/** Whether raters voted for one of the classes, single votes apart. */
function hasVotes({ votes }: FrameLabels, classes: readonly Expression[]): boolean {
  const counted = withoutSingles(votes ?? []);
  return classes.some((name) => (counted[EXPRESSIONS.indexOf(name)] ?? 0) > 0);
}

/** The frames that each task needs. */
const NEEDS: Readonly<Record<Task, string>> = {
  expression: "frames with an expression label",
  va: "frames with valence and arousal",
  identity: "frames of people with names",
};

/**
 * Reads the frames that a task can use, in key order. Of a clip with more than `framesPerClip` of them, draws that many.
 * @throws ProbeError if there are none, or a valence or arousal lies outside [-1, 1]
 */
export function readImages(
  store: FrameStore,
  { task, classes, framesPerClip, loss }: Pick<ProbeSettings, "task" | "classes" | "framesPerClip" | "loss">,
  rng: Random,
): ReadImages {
  const objection = OBJECTIONS[task](classes ?? EXPRESSIONS, loss);
  const leftOut: Record<string, number> = {};
  const tally = (reason: string, count = 1) => {
    leftOut[reason] = (leftOut[reason] ?? 0) + count;
  };
  const images: ProbeImage[] = [];
  for (const clip of store.clips()) {
    const usable = labelledFrames(store, clip).filter(({ labels }) => {
      const reason = objection(clip, labels);
      if (reason !== undefined) tally(reason);
      return reason === undefined;
    });
    if (task === "va") for (const frame of usable) checkRange(store, clip, frame);
    const most = Math.min(framesPerClip, usable.length);
    if (usable.length > most) tally("over the limit of frames per clip", usable.length - most);
    images.push(...drawFrames(usable, most, clip, rng));
  }
  if (images.length === 0) throw new ProbeError(store.path, NEEDS[task], received(leftOut), REMEDY);
  return { images, leftOut };
}

const REMEDY = "Prepare a data set with these labels, or choose another task.";

const received = (leftOut: Readonly<Record<string, number>>): string => {
  const reasons = Object.entries(leftOut).map(([reason, count]) => `${count} frames with ${reason}`);
  return reasons.length === 0 ? "an empty store" : reasons.join(", ");
};

interface Frame {
  readonly key: number;
  readonly labels: FrameLabels;
}

function labelledFrames(store: FrameStore, { firstFrame, frameCount }: StoredClip): Frame[] {
  const keys = Array.from({ length: frameCount }, (_, i) => firstFrame + i);
  return store.readLabels(keys).map(({ timeSeconds: _, ...labels }, i) => ({ key: keys[i]!, labels }));
}

function drawFrames(usable: readonly Frame[], most: number, clip: StoredClip, rng: Random): ProbeImage[] {
  const taken =
    most === usable.length
      ? usable
      : rng
          .fork(`clip/${clip.source}/${clip.track}`)
          .shuffle(usable)
          .slice(0, most)
          .sort((a, b) => a.key - b.key);
  const { key, source, person, split } = clip;
  return taken.map((frame) => ({ ...frame, clip: key, source, person, split }));
}

function checkRange(store: FrameStore, clip: StoredClip, { key, labels }: Frame): void {
  for (const name of ["valence", "arousal"] as const) {
    const value = labels[name]!;
    if (value >= -1 && value <= 1) continue;
    throw new ProbeError(
      `${store.path}: frame ${key} of ${clip.source}`,
      `${name} in [-1, 1]`,
      String(value),
      "Correct the label in the data set, and prepare the data set again.",
    );
  }
}
