import type { MappedFace } from "duchenne/studio";
import { SERIES } from "../runs/colours.ts";

/** What faces can be coloured by. */
export const COLOURINGS = [
  { id: "expression", name: "Expression" },
  { id: "person", name: "Person" },
  { id: "clip", name: "Clip" },
  { id: "split", name: "Split" },
  { id: "valence", name: "Valence" },
  { id: "arousal", name: "Arousal" },
  { id: "intensity", name: "Intensity" },
  { id: "timeSeconds", name: "Time in the clip" },
] as const satisfies readonly { id: keyof MappedFace; name: string }[];

export type ColouringId = (typeof COLOURINGS)[number]["id"];

/** A colour for each face, and what they mean. */
export interface Colouring {
  /** As `fillStyle` takes it, after `resolve`. */
  readonly colours: readonly string[];
  readonly legend:
    | { readonly kind: "classes"; readonly classes: readonly LegendClass[]; readonly others: number }
    | { readonly kind: "range"; readonly low: number; readonly high: number };
}

export interface LegendClass {
  readonly name: string;
  readonly colour: string;
  readonly count: number;
}

/** Those that some face of the map has. */
export const availableColourings = (faces: readonly MappedFace[]) =>
  COLOURINGS.filter(({ id }) => faces.some((face) => face[id] !== null));

/**
 * Colours faces by a label: names by hue, numbers from blue to orange.
 * @param resolve a style sheet's token to its colour
 */
export function colourBy(
  faces: readonly MappedFace[],
  id: ColouringId,
  resolve: (token: string) => string,
): Colouring {
  const values = faces.map((face) => face[id]);
  const numbers = values.filter((value) => typeof value === "number");
  return numbers.length > 0
    ? colourNumbers(values, rangeOf(id, numbers), resolve)
    : colourNames(values, resolve);
}

/** Where zero is the middle of what a number can be: grey means neither. */
const CENTRED: ReadonlySet<ColouringId> = new Set(["valence", "arousal"]);

function rangeOf(id: ColouringId, numbers: readonly number[]): [low: number, high: number] {
  if (!CENTRED.has(id)) return [Math.min(...numbers), Math.max(...numbers)];
  const most = Math.max(...numbers.map(Math.abs));
  return [-most, most];
}

function colourNumbers(
  values: readonly (string | number | null)[],
  [low, high]: readonly [low: number, high: number],
  resolve: (token: string) => string,
): Colouring {
  const unknown = resolve("muted");
  const colours = values.map((value) =>
    typeof value === "number" ? rampColour((value - low) / (high - low || 1)) : unknown,
  );
  return { colours, legend: { kind: "range", low, high } };
}

/** From blue over grey to orange, of even lightness. @param share in [0, 1] */
export const rampColour = (share: number): string =>
  `oklch(${0.62 + 0.1 * Math.abs(share - 0.5)} ${0.04 + 0.26 * Math.abs(share - 0.5)} ${share < 0.5 ? 250 : 50})`;

/** The commonest have the series' colours; where there are more, hues go round. */
function colourNames(
  values: readonly (string | number | null)[],
  resolve: (token: string) => string,
): Colouring {
  const counts = new Map<string, number>();
  for (const value of values)
    if (value !== null) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  const names = [...counts.keys()].sort();
  const colourOf = (place: number) =>
    names.length <= SERIES
      ? resolve(`series-${place + 1}`)
      : `oklch(${place % 2 === 0 ? 0.68 : 0.56} 0.15 ${(360 * place) / names.length})`;
  const classes = names.map((name, place) => ({ name, colour: colourOf(place), count: counts.get(name)! }));
  const byName = new Map(classes.map(({ name, colour }) => [name, colour]));
  const unknown = resolve("muted");
  const shown = classes.slice(0, MOST_NAMED);
  return {
    colours: values.map((value) => (value === null ? unknown : byName.get(String(value))!)),
    legend: { kind: "classes", classes: shown, others: classes.length - shown.length },
  };
}

/** A legend of every person or clip would be longer than the map. */
const MOST_NAMED = 16;
