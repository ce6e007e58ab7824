/** A face and its prediction as JSON and as a row of a table. */
import type { Box } from "@duchenne/face";
import type { PredictedFace, PredictedFrame } from "./predictFrames.ts";

/** A face of a frame: its place and its prediction. */
export interface FaceRow {
  readonly path: string;
  /** Index of the frame from 0: in the video, or with a sampling rate in the sampling grid. */
  readonly frame: number;
  /** Seconds since the first frame. */
  readonly time: number;
  /** Number of the face's track: the same face in other frames of the video has the same number. */
  readonly track: number;
  /** Of the landmarks, in pixels of the file. */
  readonly box: Box;
  readonly expression?: string;
  readonly probabilities?: Readonly<Record<string, number>>;
  readonly valence?: number;
  readonly arousal?: number;
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Rows of the faces of a frame. @param path of the file */
export function rowsOf(path: string, { frame, faces }: PredictedFrame): FaceRow[] {
  const time = round(frame.timeSeconds, 4);
  return faces.map((face) => ({
    path,
    frame: frame.index,
    time,
    ...placeOf(face, frame.reduction),
    ...predictionFields(face),
  }));
}

function placeOf({ track, box }: PredictedFace, reduction: number): Pick<FaceRow, "track" | "box"> {
  const sides = Object.entries(box).map(([name, value]) => [name, round(value * reduction, 1)]);
  return { track, box: Object.fromEntries(sides) as Box };
}

function predictionFields({ prediction: { expression, probabilities, valence, arousal } }: PredictedFace) {
  const rounded = Object.entries(probabilities ?? {}).map(([name, value]) => [name, round(value, 4)]);
  return {
    ...(expression !== undefined && { expression, probabilities: Object.fromEntries(rounded) }),
    ...(valence !== undefined && { valence: round(valence, 4) }),
    ...(arousal !== undefined && { arousal: round(arousal, 4) }),
  };
}

const PLACE_COLUMNS = ["path", "frame", "time", "track", "left", "top", "width", "height"] as const;

/** Columns of a table. @param classes of the model, empty without that head   @param hasAffect whether the model predicts valence and arousal */
export const columnsOf = (classes: readonly string[], hasAffect: boolean): string[] => [
  ...PLACE_COLUMNS,
  ...(classes.length > 0 ? ["expression", ...classes.map((name) => `p_${name}`)] : []),
  ...(hasAffect ? ["valence", "arousal"] : []),
];

/** Values of a row by column. */
export function cellsOf({
  box,
  probabilities,
  ...row
}: FaceRow): Record<string, string | number | undefined> {
  const shares = Object.entries(probabilities ?? {}).map(([name, value]) => [`p_${name}`, value]);
  return { ...row, ...box, ...Object.fromEntries(shares) };
}
