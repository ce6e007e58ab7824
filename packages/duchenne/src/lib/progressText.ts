/** How far work is, in the words and the order of every command. */
import { formatDuration } from "./duration.ts";

/** How far work is. */
export interface ProgressParts {
  /** Share that is done, in [0, 1]; undefined if the whole is not known. */
  readonly share?: number | undefined;
  /** Speed with its unit: "120 images/s". */
  readonly rate?: string | undefined;
  readonly secondsLeft?: number | undefined;
  /** What comes after, the most important first: a narrow terminal leaves out the last. */
  readonly details?: readonly string[];
}

const BAR_CELLS = 20;
/** Between parts: where a line may be cut. */
export const PROGRESS_GAP = "  ";

/** "██████████░░░░░░░░░░  50 %  120 images/s  3 min 20 s left  step 50 of 100": bar, share, rate and time left first. */
export function progressText({ share, rate, secondsLeft, details = [] }: ProgressParts): string {
  const isKnown = share !== undefined && Number.isFinite(share);
  const isTimed = secondsLeft !== undefined && Number.isFinite(secondsLeft);
  return [
    ...(isKnown ? [barOf(share), `${String(Math.floor(100 * clamped(share))).padStart(3)} %`] : []),
    ...(rate === undefined ? [] : [rate]),
    ...(isTimed ? [`${formatDuration(secondsLeft)} left`] : []),
    ...details,
  ].join(PROGRESS_GAP);
}

const clamped = (share: number): number => Math.min(1, Math.max(0, share));

function barOf(share: number): string {
  const filled = Math.floor(BAR_CELLS * clamped(share));
  return "█".repeat(filled) + "░".repeat(BAR_CELLS - filled);
}

/** Time left of work that continues at its mean speed so far. @param share done so far   @param startMs of `performance.now()` */
export function secondsLeftOf(share: number, startMs: number): number | undefined {
  if (!(share > 0)) return undefined;
  return (((performance.now() - startMs) / 1000) * (1 - share)) / share;
}
