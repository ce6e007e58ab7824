import { settingText } from "../../lib/errors.ts";
import {
  describeOrder,
  EXPRESSION_ORDER_NAMES,
  EXPRESSION_ORDERS,
  EXPRESSIONS,
  type ExpressionOrder,
  parseLabel,
} from "../../lib/expressions.ts";
import type { FrameLabels } from "../store/record.ts";
import { DataError, type Sample } from "./types.ts";

/** Position in a label file, for errors. */
export type Place = { file: string; line?: number };

/** Beside the samples: where the rows stood is no part of what they say. */
const PLACES = new WeakMap<Sample, Place>();

/** Remembers the row that a sample is from. */
export function withPlace(sample: Sample, place: Place): Sample {
  PLACES.set(sample, place);
  return sample;
}

/** The row that a sample is from; its file if that is unknown. */
export const placeOf = (sample: Sample): Place => PLACES.get(sample) ?? { file: sample.source.path };

/** Each order of numbers as a setting, with what it means. */
export const orderChoices = (): string =>
  EXPRESSION_ORDER_NAMES.map((name) => `${settingText("labelNumbers", name)} (${describeOrder(name)})`).join(
    " or ",
  );

/**
 * A number from a label file.
 * @param range inclusive bounds
 * @returns undefined if the field is absent or empty @throws DataError if it is no number or out of range
 */
export function numberField(
  text: string | undefined,
  name: string,
  range: readonly [number, number],
  place: Place,
): number | undefined {
  if (text === undefined || text === "") return undefined;
  const value = Number(text);
  if (Number.isFinite(value) && value >= range[0] && value <= range[1]) return value;
  const expected = `${name} as a number in [${range[0]}, ${range[1]}]`;
  throw new DataError({ reason: "badNumber", ...place, expected, received: `"${text}"` });
}

/** Labels of one row: expression, valence, arousal, intensity; absent or empty fields give no label. @throws DataError */
export function labelFields(
  fields: Readonly<Record<string, string>>,
  place: Place,
  order: ExpressionOrder = "affectnet",
): FrameLabels {
  const labels: FrameLabels = {};
  if (fields.expression) labels.expression = expressionField(fields.expression, place, order);
  const ranges = { valence: [-1, 1], arousal: [-1, 1], intensity: [0, 1] } as const;
  for (const name of ["valence", "arousal", "intensity"] as const) {
    const value = numberField(fields[name], name, ranges[name], place);
    if (value !== undefined) labels[name] = value;
  }
  return labels;
}

function expressionField(
  text: string,
  place: Place,
  order: ExpressionOrder,
): NonNullable<FrameLabels["expression"]> {
  const expression = parseLabel(text, order);
  if (expression !== undefined) return expression;
  const last = EXPRESSION_ORDERS[order].length - 1;
  const expected = `expression as ${EXPRESSIONS.join(", ")} or 0 to ${last}`;
  throw new DataError({ reason: "badExpression", ...place, expected, received: `"${text}"` });
}

/** Runs `read` for one row or label file; a DataError is reported, and the row gives undefined. */
export function attempt<T>(read: () => T, onProblem: (problem: DataError) => void): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DataError) || error.isFatal) throw error;
    onProblem(error);
    return undefined;
  }
}
