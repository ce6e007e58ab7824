/** Which track a face belongs to if several claim it: people who cross, and tracks that ran onto the same face. */

import { overlapOf } from "@duchenne/crop";
import type { Box } from "../types.ts";
import type { Appearance } from "./appearance.ts";
import type { Track } from "./track.ts";

/** A track's box in the present frame; `score` is null if the detector found nothing. */
export interface Candidate {
  readonly track: Track;
  readonly box: Box;
  readonly origin: "detected" | "tracked";
  readonly score: number | null;
  /** Another face is in front: nothing is to be seen of this one. */
  readonly hidden?: boolean;
}

/** Two boxes overlapping this much are the same face. */
export const SAME_FACE_OVERLAP = 0.3;

/** True if the detector found the face. */
export function isSeen({ score }: Candidate): boolean {
  return score !== null;
}

/**
 * Of the tracks that claim one face, the one whose person looks most like it keeps it. The others are hidden behind that face, or gone if
 * the face is certainly theirs as well.
 * @param lookOf looks at the face in a box   @returns in order of the tracks' numbers
 */
export async function settleClaims(
  candidates: readonly Candidate[],
  index: number,
  lookOf: (box: Box) => Promise<Appearance>,
): Promise<Candidate[]> {
  const settled: Candidate[] = [];
  for (const one of [...candidates.filter(isSeen), ...candidates.filter((other) => !isSeen(other))]) {
    const at = settled.findIndex(
      (other) => !other.hidden && overlapOf(other.box, one.box) > SAME_FACE_OVERLAP,
    );
    const rival = settled[at];
    if (rival === undefined) settled.push(one);
    else if (isSeen(rival)) settled.splice(at, 1, ...winnerFirst(rival, one, await lookOf(rival.box), index));
  }
  return settled.sort((a, b) => a.track.id - b.track.id);
}

/** @param first the one found, or found more surely   @param second may not have been found */
function winnerFirst(first: Candidate, second: Candidate, look: Appearance, index: number): Candidate[] {
  const isFirst = first.track.identity.isSame(look);
  const isSecond = second.track.identity.isSame(look);
  if (isFirst && isSecond) return [first];
  const distance = (one: Candidate) => one.track.identity.distanceTo(look);
  const secondWins = isSeen(second) && !isFirst && (isSecond || distance(second) < distance(first));
  const [winner, loser] = secondWins ? [second, first] : [first, second];
  return [winner, { ...loser, box: loser.track.expectedBox(index), score: null, hidden: true }];
}

/** The candidate that a detection confirms: one that is seen rather than one that is not, and the nearest of them. */
export function candidateAt(candidates: readonly Candidate[], box: Box): number {
  let best = -1;
  let most = SAME_FACE_OVERLAP;
  for (const [i, one] of candidates.entries()) {
    // Seen ones first: their overlaps count from 1 up.
    const overlap = overlapOf(one.box, box);
    const rank = overlap + (isSeen(one) ? 1 : 0);
    if (overlap > SAME_FACE_OVERLAP && rank > most) [best, most] = [i, rank];
  }
  return best;
}

/** The candidate out of sight whose person certainly looks so, or -1. */
export function lostCandidate(candidates: readonly Candidate[], look: Appearance): number {
  return candidates.findIndex((one) => !isSeen(one) && one.track.identity.isSame(look));
}
