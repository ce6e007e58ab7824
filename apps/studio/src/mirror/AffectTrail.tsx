import { useEffect, useRef } from "preact/hooks";
import { signed } from "../format.ts";
import { colourOf, useTheme } from "../shell/theme.ts";
import type { Affect } from "./reading.ts";

const SIDE = 240;
const MARGIN = 26;
/** Frames that the trail is long. */
const LENGTH = 90;

interface AffectTrailProps {
  readonly affect: Affect | undefined;
  /** The face: another one begins another trail. */
  readonly face: number | undefined;
}

/** Valence and arousal of the last seconds, as a point and its trail. */
export function AffectTrail({ affect, face }: AffectTrailProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const trail = useRef<{ face: number | undefined; points: Affect[] }>({ face, points: [] });
  const theme = useTheme();
  useEffect(() => {
    if (trail.current.face !== face) trail.current = { face, points: [] };
    const { points } = trail.current;
    if (affect) points.push(affect);
    if (points.length > LENGTH) points.shift();
    draw(canvas.current!, points);
  }, [affect, face, theme]);
  const told = affect
    ? `valence ${signed(affect.valence)}, arousal ${signed(affect.arousal)}`
    : "no face yet";
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

function draw(canvas: HTMLCanvasElement, points: readonly Affect[]): void {
  canvas.width = SIDE * devicePixelRatio;
  canvas.height = SIDE * devicePixelRatio;
  const context = canvas.getContext("2d")!;
  context.scale(devicePixelRatio, devicePixelRatio);
  drawAxes(context);
  const radius = SIDE / 2 - MARGIN;
  const place = ({ valence, arousal }: Affect): [number, number] => [
    SIDE / 2 + valence * radius,
    SIDE / 2 - arousal * radius,
  ];
  context.strokeStyle = colourOf("series-1");
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
  const last = points.at(-1);
  if (last === undefined) return;
  context.fillStyle = colourOf("series-1");
  context.beginPath();
  context.arc(...place(last), 7, 0, 2 * Math.PI);
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
