import type { MappedFace, MappedPrediction } from "duchenne/studio";
import { SERIES } from "../runs/colours.ts";
import { extentOf } from "./place.ts";

/** A face of a map, and what a saved probe says of it if one was asked. */
export type ColouredFace = MappedFace & Partial<MappedPrediction>;

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
  { id: "predicted", name: "Predicted expression" },
  { id: "verdict", name: "Right or wrong" },
  { id: "predictedValence", name: "Predicted valence" },
  { id: "predictedArousal", name: "Predicted arousal" },
  { id: "valenceError", name: "Error of valence" },
  { id: "arousalError", name: "Error of arousal" },
] as const satisfies readonly { id: keyof ColouredFace; name: string }[];

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
export const availableColourings = (faces: readonly ColouredFace[]) =>
  COLOURINGS.filter(({ id }) => faces.some((face) => face[id] != null));

/**
 * Colours faces by a label: names by hue, numbers from blue to orange.
 * @param resolve a style sheet's token to its colour
 */
export function colourBy(
  faces: readonly ColouredFace[],
  id: ColouringId,
  resolve: (token: string) => string,
): Colouring {
  const values = faces.map((face) => face[id] ?? null);
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length > 0) return colourNumbers(values, rangeOf(id, numbers), resolve);
  if (id === "verdict") return colourVerdicts(values, resolve);
  // A label and a prediction of the same name have the same colour.
  const named = id === "expression" || id === "predicted" ? faces.flatMap(expressionsOf) : values;
  return colourNames(values, named, resolve);
}

const expressionsOf = ({ expression, predicted }: ColouredFace) => [expression, predicted ?? null];

/** Green and red, as the style sheet has them for good and bad. */
const VERDICTS = { right: "good", wrong: "bad" } as const;

function colourVerdicts(
  values: readonly (string | number | null)[],
  resolve: (token: string) => string,
): Colouring {
  const classes = Object.entries(VERDICTS).map(([name, token]) => ({
    name,
    colour: resolve(token),
    count: values.filter((value) => value === name).length,
  }));
  const unknown = resolve("muted");
  const colours = values.map((value) => classes.find(({ name }) => name === value)?.colour ?? unknown);
  return { colours, legend: { kind: "classes", classes, others: 0 } };
}

/** Where zero is the middle of what a number can be: grey means neither. */
const CENTRED: ReadonlySet<ColouringId> = new Set([
  ...(["valence", "arousal", "predictedValence", "predictedArousal"] as const),
  ...(["valenceError", "arousalError"] as const),
]);

function rangeOf(id: ColouringId, numbers: readonly number[]): [low: number, high: number] {
  if (!CENTRED.has(id)) return extentOf(numbers);
  const most = Math.max(...extentOf(numbers).map(Math.abs));
  return [-most, most];
}

function colourNumbers(
  values: readonly (string | number | null)[],
  [low, high]: readonly [low: number, high: number],
  resolve: (token: string) => string,
): Colouring {
  const unknown = resolve("muted");
  const colours = values.map((value) =>
    typeof value === "number" ? rampColour(stepped((value - low) / (high - low || 1))) : unknown,
  );
  return { colours, legend: { kind: "range", low, high } };
}

/** Few enough that each is resolved once, more than the eye tells apart. */
const RAMP_STEPS = 64;
const stepped = (share: number): number => Math.round(RAMP_STEPS * share) / RAMP_STEPS;

/** From blue over grey to orange, of even lightness. @param share in [0, 1] */
export const rampColour = (share: number): string =>
  `oklch(${0.62 + 0.1 * Math.abs(share - 0.5)} ${0.04 + 0.26 * Math.abs(share - 0.5)} ${share < 0.5 ? 250 : 50})`;

/** Names have the series' colours; if there are more, hues go round. @param named all that have a colour */
function colourNames(
  values: readonly (string | number | null)[],
  named: readonly (string | number | null)[],
  resolve: (token: string) => string,
): Colouring {
  const counts = new Map<string, number>();
  for (const name of named) if (name !== null) counts.set(String(name), 0);
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
  const own = classes.filter((one) => one.count > 0);
  const shown = own.slice(0, MOST_NAMED);
  return {
    colours: values.map((value) => (value === null ? unknown : byName.get(String(value))!)),
    legend: { kind: "classes", classes: shown, others: own.length - shown.length },
  };
}

/** A legend of every person or clip would be longer than the map. */
const MOST_NAMED = 16;
