/** Colours of runs: from the id alone, so that a run keeps its colour whatever is chosen beside it. */

/** Steps round the colour circle; further apart than the eye needs on a line. */
const HUES = 24;
/** Darker and lighter than the theme's: hues that lie close differ in it half the time. */
const LIGHTNESSES = [-0.05, 0.06] as const;
const DASHES: readonly (readonly number[])[] = [[], [8, 4], [3, 3]];

/** 32 bits of a text. @see FNV-1a with a final mix, so that ids that differ in one letter are far apart */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x2c1b3c6d) >>> 0;
}

/** The colour of a run as CSS takes it; light and dark as the theme is. */
export function runColour(id: string): string {
  const hash = hashOf(id);
  const lightness = LIGHTNESSES[(hash >>> 4) % LIGHTNESSES.length]!;
  return `oklch(calc(var(--run-lightness) + ${lightness}) 0.15 ${(360 / HUES) * ((hash >>> 8) % HUES)})`;
}

/** Dash of a run's line, canvas pixels: tells runs of near colours apart. */
export const runDash = (id: string): number[] => [...DASHES[(hashOf(id) >>> 16) % DASHES.length]!];

/** Series of the style sheet, told apart also with little colour blindness in the way. */
export const SERIES = 8;

/** The token of a class's colour, by its place. */
export const seriesToken = (place: number): string => `series-${(place % SERIES) + 1}`;
