import { useEffect, useRef } from "preact/hooks";
import { seriesToken } from "../runs/colours.ts";
import { colourOf, useTheme } from "../shell/theme.ts";
import { type FilmRow, type Range, tracksOf } from "./film.ts";
import { trackName } from "./reading.ts";

interface TimelineProps {
  readonly rows: readonly FilmRow[];
  readonly classes: readonly string[];
  /** Of the film, seconds. */
  readonly duration: number;
  /** Time of the frame that is shown. */
  readonly seconds: number;
  readonly leftOut: readonly Range[];
  readonly onSeek: (seconds: number) => void;
}

const STRIP_HEIGHT = 72;
/** Strips of people; further ones are in the table. */
const MOST_STRIPS = 4;
/** Rows further apart are of different stretches, seconds. */
const GAP_SECONDS = 0.5;

/** Lines below those of the expressions. */
const AFFECT = [
  { name: "valence", token: "text" },
  { name: "arousal", token: "muted" },
] as const;

/** Each person's expressions over the film, and below them valence and arousal. */
export function Timeline({ rows, classes, duration, seconds, leftOut, onSeek }: TimelineProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useTheme();
  const tracks = tracksOf(rows).slice(0, MOST_STRIPS);
  // Without the place in the film, which moves over it with every frame.
  useEffect(() => {
    const element = canvas.current!;
    const width = element.clientWidth;
    const context = prepare(element, Math.max(1, tracks.length) * STRIP_HEIGHT);
    const place = (at: number) => (duration > 0 ? (at / duration) * width : 0);
    for (const [i, track] of tracks.entries()) {
      const own = rows.filter((row) => row.track === track);
      // Names stand above their lines.
      const [top, middle, bottom] = [tracks.length > 1 ? 0.26 : 0.05, 0.65, 0.98].map(
        (share) => (i + share) * STRIP_HEIGHT,
      ) as [number, number, number];
      const heightOf = (share: number) => middle - share * (middle - top);
      for (const [c, name] of classes.entries())
        draw(
          context,
          own,
          seriesToken(c),
          (row) => place(row.seconds),
          (row) => pick(row.prediction.probabilities?.[name], heightOf),
        );
      const affectAt = (value: number) => (middle + bottom) / 2 - (value * (bottom - middle)) / 2;
      for (const { name, token } of AFFECT)
        draw(
          context,
          own,
          token,
          (row) => place(row.seconds),
          (row) => pick(row.prediction[name], affectAt),
        );
      if (tracks.length > 1) context.fillText(trackName(track), 6, i * STRIP_HEIGHT + 13);
    }
    context.globalAlpha = 0.5;
    context.fillStyle = colourOf("line");
    for (const [from, to] of leftOut)
      context.fillRect(place(from), 0, place(to) - place(from), element.clientHeight);
  }, [rows, duration, leftOut, theme, classes]);
  return (
    <figure class="timeline-film">
      <div class="strips">
        {/* The slider above does the same by keys. */}
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Expressions over time: ${tracks.length} ${tracks.length === 1 ? "person" : "people"}, ${rows.length} rows`}
          onClick={({ offsetX, currentTarget }) => onSeek((offsetX / currentTarget.clientWidth) * duration)}
        />
        {duration > 0 && <i class="place" style={{ left: `${(100 * seconds) / duration}%` }} />}
      </div>
      <figcaption>
        {classes.map((name, c) => (
          <span key={name}>
            <i class="dot" style={{ background: `var(--${seriesToken(c)})` }} />
            {name}
          </span>
        ))}
        {rows.some(({ prediction }) => prediction.valence !== undefined) &&
          AFFECT.map(({ name, token }) => (
            <span key={name}>
              <i class="dot" style={{ background: `var(--${token})` }} />
              {name}
            </span>
          ))}
      </figcaption>
    </figure>
  );
}

const pick = (value: number | undefined, place: (value: number) => number): number | undefined =>
  value === undefined ? undefined : place(value);

function prepare(canvas: HTMLCanvasElement, height: number): CanvasRenderingContext2D {
  canvas.style.height = `${height}px`;
  canvas.width = canvas.clientWidth * devicePixelRatio;
  canvas.height = height * devicePixelRatio;
  const context = canvas.getContext("2d")!;
  context.scale(devicePixelRatio, devicePixelRatio);
  context.lineWidth = 1.5;
  // A line of one row is a dot.
  context.lineCap = "round";
  context.font = "11px Inter Variable, sans-serif";
  context.fillStyle = colourOf("muted");
  return context;
}

function draw(
  context: CanvasRenderingContext2D,
  rows: readonly FilmRow[],
  token: string,
  xOf: (row: FilmRow) => number,
  yOf: (row: FilmRow) => number | undefined,
): void {
  context.strokeStyle = colourOf(token);
  context.beginPath();
  let before = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const y = yOf(row);
    if (y === undefined) continue;
    if (row.seconds - before > GAP_SECONDS) context.moveTo(xOf(row), y);
    context.lineTo(xOf(row), y);
    before = row.seconds;
  }
  context.stroke();
}
