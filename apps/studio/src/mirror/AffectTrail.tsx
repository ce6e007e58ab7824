import { useLayoutEffect, useRef } from "preact/hooks";
import { signed } from "../format.ts";
import { colourOf, useTheme } from "../shell/theme.ts";
import { type Affect, type Reading, trackName, trackToken } from "./reading.ts";

const SIDE = 240;
const MARGIN = 26;
/** Frames that the trail is long. */
const LENGTH = 90;

interface AffectTrailProps {
  /** Of the faces in the frame. */
  readonly readings: readonly Reading[];
}

/** Valence and arousal of the last seconds: for each face a point and its trail. */
export function AffectTrail({ readings }: AffectTrailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const trails = useRef(new Map<number, Affect[]>());
  const theme = useTheme();
  // With the update that shows the frame.
  useLayoutEffect(() => {
    trails.current = grown(trails.current, readings);
    draw(canvas.current!, trails.current);
  }, [readings, theme]);
  const told = tell(readings);
  return (
    <figure class="affect">
      <canvas
        ref={canvas}
        width={SIDE}
        height={SIDE}
        role="img"
        aria-label={`Valence and arousal: ${told}`}
      />
      <figcaption>{told}</figcaption>
    </figure>
  );
}

/** Trails of the faces that are there, each a point longer. */
function grown(before: ReadonlyMap<number, Affect[]>, readings: readonly Reading[]): Map<number, Affect[]> {
  const trails = new Map<number, Affect[]>();
  for (const { id, affect } of readings)
    if (affect) trails.set(id, [...(before.get(id) ?? []), affect].slice(-LENGTH));
  return trails;
}

function tell(readings: readonly Reading[]): string {
  const parts = readings.flatMap(({ id, affect }) => {
    if (affect === undefined) return [];
    const text = `valence ${signed(affect.valence)}, arousal ${signed(affect.arousal)}`;
    return readings.length === 1 ? [text] : [`${trackName(id)}: ${text}`];
  });
  return parts.join("; ") || "no face yet";
}

function draw(canvas: HTMLCanvasElement, trails: ReadonlyMap<number, readonly Affect[]>): void {
  canvas.width = SIDE * devicePixelRatio;
  canvas.height = SIDE * devicePixelRatio;
  const context = canvas.getContext("2d")!;
  context.scale(devicePixelRatio, devicePixelRatio);
  drawAxes(context);
  for (const [id, points] of trails)
    drawTrail(context, points, colourOf(trails.size === 1 ? "series-1" : trackToken(id)));
}

function drawTrail(context: CanvasRenderingContext2D, points: readonly Affect[], colour: string): void {
  const radius = SIDE / 2 - MARGIN;
  const place = ({ valence, arousal }: Affect): [number, number] => [
    SIDE / 2 + valence * radius,
    SIDE / 2 - arousal * radius,
  ];
  context.strokeStyle = colour;
  context.lineCap = "round";
  context.lineWidth = 3;
  for (let i = 1; i < points.length; i++) {
    context.globalAlpha = (i / points.length) ** 2;
    context.beginPath();
    context.moveTo(...place(points[i - 1]!));
    context.lineTo(...place(points[i]!));
    context.stroke();
  }
  context.globalAlpha = 1;
  context.fillStyle = colour;
  context.beginPath();
  context.arc(...place(points.at(-1)!), 7, 0, 2 * Math.PI);
  context.fill();
}

function drawAxes(context: CanvasRenderingContext2D): void {
  const [middle, radius] = [SIDE / 2, SIDE / 2 - MARGIN];
  context.strokeStyle = colourOf("line");
  for (const share of [0.5, 1]) {
    context.beginPath();
    context.arc(middle, middle, radius * share, 0, 2 * Math.PI);
    context.stroke();
  }
  context.beginPath();
  context.moveTo(middle - radius, middle);
  context.lineTo(middle + radius, middle);
  context.moveTo(middle, middle - radius);
  context.lineTo(middle, middle + radius);
  context.stroke();
  context.fillStyle = colourOf("muted");
  context.font = "11px Inter Variable, sans-serif";
  context.textAlign = "center";
  context.fillText("excited", middle, 14);
  context.fillText("calm", middle, SIDE - 6);
  writeUpright(context, "unpleasant", 14, middle, -1);
  writeUpright(context, "pleasant", SIDE - 14, middle, 1);
}

function writeUpright(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  turn: 1 | -1,
): void {
  context.save();
  context.translate(x, y);
  context.rotate((turn * Math.PI) / 2);
  context.fillText(text, 0, 4);
  context.restore();
}
