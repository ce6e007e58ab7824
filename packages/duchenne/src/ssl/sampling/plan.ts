import type { StoredClip } from "../../data/store/environment.ts";
import { PRESETS } from "../config/presets.ts";
import { describeLeftOut, type LeftOut, type LeftOutReason, SamplingError } from "./errors.ts";
import { numberPersons } from "./identityPool.ts";
import { pickSampling, type SamplingSettings } from "./settings.ts";
import { type Timing, timingOf } from "./timing.ts";

/** A clip that gives one sample an epoch. */
export interface UsableClip {
  readonly clip: StoredClip;
  /** Number of the person. */
  readonly person: number;
  readonly timing: Timing;
  /** Its hard negatives are its own frames, warped. */
  readonly warped: boolean;
}

/** What a store offers to a run. */
export interface SamplingPlan {
  /** The settings as far as the store allows them; `notices` tells the difference. */
  readonly settings: SamplingSettings;
  readonly usable: readonly UsableClip[];
  readonly leftOut: LeftOut;
  /** All clips of the splits for training, in which FaceSwap finds its other people, and [clips] the number of the person of each. */
  readonly clips: readonly StoredClip[];
  readonly persons: Int32Array;
  /** Lines to tell the user before the run. */
  readonly notices: readonly string[];
}

/**
 * Finds the clips that give samples, and turns off what the store cannot serve: TimeAug and HardNeg on stills, FaceSwap
 * on one person alone.
 * @param all clips of the store; each is one followed face
 * @param options clips of a batch, and the components that are on; default: none of them, and the paper's intervals
 * @throws SamplingError if they do not fill a batch
 */
export function planSampling(
  all: readonly StoredClip[],
  options: Partial<SamplingSettings> & Pick<SamplingSettings, "batch">,
): SamplingPlan {
  const wanted = { ...PRESETS.paper.settings, ...options };
  const clips = wanted.splits === "all" ? all : all.filter(isOfTrain);
  const persons = numberPersons(clips);
  const { settings, notices } = settingsFor(clips, persons, wanted);
  const { usable, leftOut: sifted } = sift(clips, persons, settings);
  const others = all.length - clips.length;
  const leftOut = others > 0 ? { otherSplit: others, ...sifted } : sifted;
  if (usable.length < settings.batch) {
    throw new SamplingError(settings.batch, usable.length, all.length, leftOut);
  }
  if (usable.length < all.length) {
    const count = all.length - usable.length;
    notices.push(`${count} of ${all.length} clips give no sample: ${describeLeftOut(leftOut)}`);
  }
  return { settings, usable, leftOut, clips, persons, notices };
}

/** Clips that no split is known of are learned from too. */
const isOfTrain = ({ split }: StoredClip): boolean => split === null || split === "train";

function settingsFor(
  clips: readonly StoredClip[],
  persons: Int32Array,
  wanted: SamplingSettings,
): { settings: SamplingSettings; notices: string[] } {
  const settings = pickSampling(wanted);
  const notices: string[] = [];
  const needsTime = wanted.timeAug || (wanted.hardNeg && wanted.hardNegWarp === "off");
  if (needsTime && clips.every(({ kind }) => kind === "still")) {
    settings.timeAug = false;
    settings.hardNeg &&= wanted.hardNegWarp !== "off";
    const off = settings.hardNeg ? "TimeAug is" : "TimeAug and HardNeg are";
    notices.push(`${off} off: the store holds stills only`);
  }
  if (wanted.faceSwap && persons.every((person) => person === 0)) {
    settings.faceSwap = false;
    notices.push("FaceSwap is off: the store shows one person only");
  }
  return { settings, notices };
}

function sift(
  clips: readonly StoredClip[],
  persons: Int32Array,
  settings: SamplingSettings,
): { usable: UsableClip[]; leftOut: LeftOut } {
  const timings = new Map<number, Timing>();
  const usable: UsableClip[] = [];
  const leftOut: Partial<Record<LeftOutReason, number>> = {};
  clips.forEach((clip, i) => {
    const timing = timings.get(clip.frameRateHz) ?? timingOf(clip.frameRateHz, settings);
    timings.set(clip.frameRateHz, timing);
    const reason = whyLeftOut(clip, timing, settings);
    const warped = isWarped(clip, timing, settings);
    if (reason === undefined) usable.push({ clip, person: persons[i]!, timing, warped });
    else leftOut[reason] = (leftOut[reason] ?? 0) + 1;
  });
  return { usable, leftOut };
}

function whyLeftOut(
  { kind, frameCount }: StoredClip,
  { intervals, hardNegFrames }: Timing,
  { timeAug, hardNeg, hardNegWarp }: SamplingSettings,
): LeftOutReason | undefined {
  const isWarpUsed = hardNegWarp !== "off";
  if (kind === "still") return timeAug || (hardNeg && !isWarpUsed) ? "still" : undefined;
  const shortest = intervals.frames[0]!;
  if (timeAug && shortest === 0) return "frameRateTooLow";
  if (frameCount <= shortest) return "tooShortForTimeAug";
  return frameCount <= hardNegFrames && !isWarpUsed ? "tooShortForHardNeg" : undefined;
}

function isWarped(
  { kind, frameCount }: StoredClip,
  { hardNegFrames }: Timing,
  { hardNeg, hardNegWarp }: SamplingSettings,
): boolean {
  if (!hardNeg || hardNegWarp === "off") return false;
  return hardNegWarp === "all" || kind === "still" || frameCount <= hardNegFrames;
}
