import { boxOfLandmarks } from "@duchenne/crop";
import { percent } from "../format.ts";
import { colourOf } from "../shell/theme.ts";
import { type Reading, trackToken } from "./reading.ts";
import type { SeenFace, Sight } from "./watcher.ts";

/** Lines through dlib's 68 points: first, one past the last, and whether the line closes. */
const LINES: readonly (readonly [from: number, to: number, closes: "open" | "closed"])[] = [
  [0, 17, "open"], // jaw
  [17, 22, "open"], // brows
  [22, 27, "open"],
  [27, 31, "open"], // nose
  [31, 36, "open"],
  [36, 42, "closed"], // eyes
  [42, 48, "closed"],
  [48, 60, "closed"], // lips
  [60, 68, "closed"],
];

/** How far the forehead goes above the brows, where the landmarks end; in heights of their box. */
const FOREHEAD = 0.42;

/**
 * Draws what was seen over the picture.
 * @param readings of the faces, as they are told elsewhere on the page
 * @param isMirrored left and right change places, as in a mirror; words do not
 */
export function drawFaces(
  canvas: HTMLCanvasElement,
  sight: Sight | undefined,
  readings: readonly Reading[],
  isMirrored: boolean,
): void {
  const context = canvas.getContext("2d")!;
  const { clientWidth, clientHeight } = canvas;
  canvas.width = clientWidth * devicePixelRatio;
  canvas.height = clientHeight * devicePixelRatio;
  if (sight === undefined) return;
  const scale = Math.min(clientWidth / sight.width, clientHeight / sight.height);
  const [left, top] = [(clientWidth - sight.width * scale) / 2, (clientHeight - sight.height * scale) / 2];
  context.scale(devicePixelRatio, devicePixelRatio);
  drawPicture(context, sight, left, top, scale, isMirrored);
  drawMarks(context, sight, readings, (x, y) => [
    left + (isMirrored ? sight.width - x : x) * scale,
    top + y * scale,
  ]);
}

/** Draws lines and labels of the faces. @param place of a pixel of the frame on the canvas */
export function drawMarks(
  context: CanvasRenderingContext2D,
  { faces }: Sight,
  readings: readonly Reading[],
  place: Place,
): void {
  for (const [i, face] of faces.entries()) {
    drawLines(context, face, place);
    const { expression, probabilities } = readings[i]!;
    if (expression === undefined) continue;
    const { left, top, width, height } = boxOfLandmarks(face.landmarks);
    const share = `${expression} ${percent(probabilities[expression]!)}`;
    // With one face there is nothing to tell apart.
    const [text, token] =
      faces.length === 1 ? [share, "series-1"] : [`${face.id}: ${share}`, trackToken(face.id)];
    drawLabel(context, text, colourOf(token), ...place(left + width / 2, top - FOREHEAD * height));
  }
}

/** The frame that was looked at, over the film, which has gone on. */
function drawPicture(
  context: CanvasRenderingContext2D,
  { picture, width, height }: Sight,
  left: number,
  top: number,
  scale: number,
  isMirrored: boolean,
): void {
  context.save();
  if (isMirrored) {
    context.translate(2 * left + width * scale, 0);
    context.scale(-1, 1);
  }
  context.drawImage(picture, left, top, width * scale, height * scale);
  context.restore();
}

type Place = (x: number, y: number) => [number, number];

function drawLines(context: CanvasRenderingContext2D, { landmarks }: SeenFace, place: Place): void {
  context.strokeStyle = "rgb(255 246 236 / 90%)";
  context.lineWidth = 1.5;
  context.lineJoin = "round";
  for (const [from, to, closes] of LINES) {
    context.beginPath();
    for (let point = from; point < to; point++)
      context.lineTo(...place(landmarks[2 * point]!, landmarks[2 * point + 1]!));
    if (closes === "closed") context.closePath();
    context.stroke();
  }
}

/** A word in a pill above a point, or at the edge. */
function drawLabel(
  context: CanvasRenderingContext2D,
  text: string,
  colour: string,
  x: number,
  above: number,
): void {
  const y = Math.max(24, above - 10);
  context.font = "600 14px Inter Variable, sans-serif";
  context.textAlign = "center";
  const { width } = context.measureText(text);
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(x - width / 2 - 10, y - 17, width + 20, 25, 13);
  context.fill();
  context.fillStyle = colourOf("on-accent");
  context.fillText(text, x, y);
}
