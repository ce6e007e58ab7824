/**
 * Prints in how many frames of films of people a face is found, as `prepare` finds it, by the tone of the skin and by the brightness of
 * the face: the share of frames, with a 95 % interval over people. One JSON line a group.
 *
 *     npx tsx --conditions=source scripts/fairness/detection.ts <folder>/<person>/<film> …
 *
 * Tone is the individual typology angle of both cheeks, atan((L* - 50) / b*) in CIELAB (Chardon, Cretois and Hourseau 1991), median of
 * a film's faces. Light, make-up and the camera move it: it groups films, not people. A film without any face found has no
 * tone and is a group of its own.
 */
import { basename, dirname } from "node:path";
import { boxOfLandmarks, extractFaces, type RgbImage, toGrey } from "@duchenne/face";
import { bootstrapIntervals, groupsOf } from "../../packages/duchenne/src/evaluate/metrics/bootstrap.ts";
import { Random } from "../../packages/duchenne/src/lib/random.ts";

/** Least angle of each group, degrees. @see Del Bino and Bernerd 2013; very light and light are one here, and brown and dark */
const TONES = [
  ["light", 41],
  ["intermediate", 28],
  ["tan", 10],
  ["brown and dark", Number.NEGATIVE_INFINITY],
] as const;
const THIRDS = ["darkest third", "middle third", "brightest third"] as const;
/** Between these points of the 68 the cheeks are. */
const CHEEKS = [
  [2, 31],
  [14, 35],
] as const;
/** Side of a patch of cheek in sides of the landmarks' box. */
const PATCH = 0.08;

interface Film {
  readonly person: string;
  readonly frames: number;
  readonly found: number;
  /** Median of the crops' means, 0 to 255; NaN if no face was found. */
  readonly luma: number;
  /** Degrees; NaN if no face was found. */
  readonly angle: number;
}

const films: Film[] = [];
for (const path of process.argv.slice(2)) films.push(await lookAt(path));
const isSeen = ({ angle }: Film) => !Number.isNaN(angle);
for (const [index, [group, least]] of TONES.entries()) {
  const most = TONES[index - 1]?.[1] ?? Number.POSITIVE_INFINITY;
  report(
    group,
    films.filter(({ angle }) => angle >= least && angle < most),
  );
}
const byLuma = films.filter(isSeen).sort((a, b) => a.luma - b.luma);
for (const [index, group] of THIRDS.entries()) {
  const bound = (third: number) => Math.round((third * byLuma.length) / THIRDS.length);
  report(group, byLuma.slice(bound(index), bound(index + 1)));
}
report(
  "no face in any frame",
  films.filter((film) => !isSeen(film)),
);

async function lookAt(path: string): Promise<Film> {
  const angles: number[] = [];
  const lumas: number[] = [];
  const faces = extractFaces({ kind: "video", path });
  for (;;) {
    const { done, value } = await faces.next();
    if (done) {
      const person = basename(dirname(path));
      const { framesSampled: frames, framesWithFace: found } = value;
      return { person, frames, found, luma: median(lumas), angle: median(angles) };
    }
    const { image, landmarks } = value;
    const { data } = toGrey(image);
    lumas.push(data.reduce((sum, pixel) => sum + pixel, 0) / data.length);
    angles.push(toneOf(image, landmarks));
  }
}

/** The angle of a face, degrees. @param landmarks [68, 2] in pixels of the crop */
function toneOf(crop: RgbImage, landmarks: Float32Array): number {
  const { width } = boxOfLandmarks(landmarks);
  const side = Math.max(2, Math.round(PATCH * width));
  const pixels = CHEEKS.flatMap(([jaw, nose]) => {
    const middle = [0, 1].map((axis) => (landmarks[2 * jaw + axis]! + landmarks[2 * nose + axis]!) / 2);
    return patchOf(crop, Math.round(middle[0]! - side / 2), Math.round(middle[1]! - side / 2), side);
  });
  if (pixels.length === 0) return Number.NaN;
  const [lightness, yellow] = lightnessAndYellow(
    [0, 1, 2].map((channel) => median(pixels.map((pixel) => pixel[channel]!))),
  );
  return (Math.atan2(lightness - 50, yellow) * 180) / Math.PI;
}

function patchOf({ data, width, height }: RgbImage, left: number, top: number, side: number): number[][] {
  const pixels: number[][] = [];
  for (let y = Math.max(0, top); y < Math.min(height, top + side); y++)
    for (let x = Math.max(0, left); x < Math.min(width, left + side); x++)
      pixels.push([...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)]);
  return pixels;
}

/** L* and b* of a colour in sRGB, 0 to 255, under D65. @see IEC 61966-2-1 and CIE 15 */
function lightnessAndYellow(colour: readonly number[]): [lightness: number, yellow: number] {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const y = 0.2126729 * r + 0.7151522 * g + 0.072175 * b;
  const z = (0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883;
  const root = (value: number) =>
    value > 216 / 24389 ? Math.cbrt(value) : ((24389 / 27) * value + 16) / 116;
  return [116 * root(y) - 16, 200 * (root(y) - root(z))];
}

function median(values: readonly number[]): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function report(group: string, chosen: readonly Film[]): void {
  const share = (rows: readonly number[]) => {
    let [found, frames] = [0, 0];
    for (const row of rows) [found, frames] = [found + chosen[row]!.found, frames + chosen[row]!.frames];
    return { found: found / frames };
  };
  const people = groupsOf(chosen.map(({ person }) => person));
  const [{ found }, interval] = [
    share([...chosen.keys()]),
    bootstrapIntervals(people, share, Random.fromSeed(0)),
  ];
  const frames = chosen.reduce((sum, film) => sum + film.frames, 0);
  console.log(
    JSON.stringify({ group, films: chosen.length, people: people.length, frames, found, ...interval.found }),
  );
}
