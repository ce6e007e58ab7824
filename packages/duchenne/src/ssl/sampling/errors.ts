import { ExplainedError, setting, settingText } from "../../lib/errors.ts";

/** Why a clip gives no sample. */
export const LEFT_OUT_REASONS = {
  otherSplit: "of another split than train",
  still: "stills",
  frameRateTooLow: "with frames further apart than `timeAugSeconds`",
  tooShortForTimeAug: "too short for a positive",
  tooShortForHardNeg: "too short for a hard negative",
} as const;

/** Why a clip gives no sample. */
export type LeftOutReason = keyof typeof LEFT_OUT_REASONS;

/** Clips that give no sample, by reason; reasons that did not occur are absent. */
export type LeftOut = Readonly<Partial<Record<LeftOutReason, number>>>;

/** "3 stills, 2 too short for a positive". */
export const describeLeftOut = (leftOut: LeftOut): string =>
  Object.entries(leftOut)
    .map(([reason, count]) => `${count} ${LEFT_OUT_REASONS[reason as LeftOutReason]}`)
    .join(", ");

/** A store that cannot fill one batch; the message says what would fill it. */
export class SamplingError extends ExplainedError {
  override readonly name = "SamplingError";
  constructor(
    /** Clips a batch needs. */
    readonly batch: number,
    /** Clips that give a sample. */
    readonly usable: number,
    /** All clips. */
    readonly clips: number,
    readonly leftOut: LeftOut,
  ) {
    const why = clips > usable ? ` (left out: ${describeLeftOut(leftOut)})` : "";
    super(
      setting("batch"),
      `at least ${batch} usable clips, one for each of a batch`,
      `${usable} of ${clips}${why}`,
      `${remedies(usable, leftOut).join(", or ")}.`,
    );
  }
}

function remedies(usable: number, leftOut: LeftOut): string[] {
  const ways: string[] = [];
  if (usable >= 2) ways.push(`use ${settingText("batch", usable)} or smaller`);
  if (leftOut.otherSplit) ways.push(`use ${settingText("splits", "all")}`);
  if (leftOut.tooShortForHardNeg) ways.push(`use ${settingText("hardNeg", false)}`);
  if (leftOut.tooShortForTimeAug) ways.push(`use ${settingText("timeAug", false)}`);
  if (leftOut.frameRateTooLow) ways.push("prepare with a higher `frameRateHz`");
  ways.push("prepare more clips, or longer ones");
  return [capitalised(ways[0]!), ...ways.slice(1)];
}

const capitalised = (text: string): string => text[0]!.toUpperCase() + text.slice(1);
