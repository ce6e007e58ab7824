import { figure } from "../format.ts";
import { runColour } from "../runs/colours.ts";
import { Choice } from "../shell/Choice.tsx";
import { choose, useRoute } from "../shell/route.ts";
import { needsScale, rangeOf, ticksOf } from "./axis.ts";
import { figureColumns, firstSetting, type ShownRow, settingColumns, sortKey } from "./table.ts";

const WIDTH = 640;
const HEIGHT = 320;
const [LEFT, RIGHT, TOP, BOTTOM] = [56, 16, 14, 40];

/** Any setting against any figure, each result with its interval. */
export function ResultScatter({ rows }: { readonly rows: readonly ShownRow[] }) {
  const { chosen } = useRoute();
  const [settings, figures] = [settingColumns(rows), figureColumns(rows)];
  const y = figures.find((name) => name === chosen.get("y")) ?? figures[0];
  const x = settings.find((name) => name === chosen.get("x")) ?? firstSetting(rows, settings, y);
  if (x === undefined || y === undefined) return null;
  const named = (names: readonly string[]) => names.map((name) => ({ id: name, name }));
  return (
    <section aria-label="Scatter">
      <header class="bar">
        <h2>Settings against results</h2>
        <div class="fields">
          <Choice
            label="Setting"
            options={named(settings)}
            value={x}
            onChoose={(name) => choose({ x: name })}
          />
          <Choice
            label="Result"
            options={named(figures)}
            value={y}
            onChoose={(name) => choose({ y: name })}
          />
        </div>
      </header>
      <Plot rows={rows} x={x} y={y} />
    </section>
  );
}

interface PlotProps {
  readonly rows: readonly ShownRow[];
  readonly x: string;
  readonly y: string;
}

function Plot({ rows, x, y }: PlotProps) {
  const points = rows.flatMap((row) => {
    const [place, cell] = [sortKey(row, x), row.figures[y]];
    return place === null || cell?.value == null || row.isTooSmall
      ? []
      : [{ row, place, ...cell, value: cell.value }];
  });
  if (points.length === 0) return <p class="muted">No result with both was measured on enough people.</p>;
  const places = placesOf(points.map(({ place }) => place));
  const [low, high] = rangeOf(
    points.flatMap((one) => [one.value, one.low ?? one.value, one.high ?? one.value]),
  );
  const heightOf = (value: number) =>
    HEIGHT - BOTTOM - ((value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const names = new Map(points.map(({ row }) => [`${row.name} ${row.runId}`, row]));
  return (
    <figure class="against">
      <svg
        class="result-scatter"
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${y} against ${x}: ${points.length} results`}
      >
        {ticksOf(low, high).map(({ value, name }) => (
          <g key={value}>
            <line class="grid" x1={LEFT} x2={WIDTH - RIGHT} y1={heightOf(value)} y2={heightOf(value)} />
            <text x={LEFT - 8} y={heightOf(value) + 4} text-anchor="end">
              {name}
            </text>
          </g>
        ))}
        {places.ticks.map(({ name, at }) => (
          <text key={at} x={at} y={HEIGHT - BOTTOM + 18} text-anchor="middle">
            {name}
          </text>
        ))}
        <text x={(LEFT + WIDTH) / 2} y={HEIGHT - 6} text-anchor="middle">
          {x}
        </text>
        {points.map(({ row, place, value, low: from, high: to }) => (
          <g key={row.id} style={{ color: colourOfRow(row) }}>
            <title>{`${row.name}: ${x} ${place}, ${y} ${figure(value)}`}</title>
            {from !== null && to !== null && (
              <line
                class="interval"
                x1={places.at(place)}
                x2={places.at(place)}
                y1={heightOf(from)}
                y2={heightOf(to)}
              />
            )}
            <circle cx={places.at(place)} cy={heightOf(value)} r="5" />
          </g>
        ))}
      </svg>
      <figcaption class="legend">
        {[...names].map(([key, row]) => (
          <span key={key}>
            <i class="dot" style={{ background: colourOfRow(row) }} /> {row.name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

/** The colour of its run; a result without one has a colour by its name. */
const colourOfRow = ({ runId, name }: ShownRow): string => runColour(runId ?? name);

interface Places {
  readonly at: (value: string | number) => number;
  readonly ticks: readonly { readonly name: string; readonly at: number }[];
}

/** Numbers on a scale; names, or few different numbers, side by side. */
function placesOf(values: readonly (string | number)[]): Places {
  const width = WIDTH - LEFT - RIGHT;
  if (values.every((value) => typeof value === "number") && needsScale(new Set(values).size)) {
    const [low, high] = rangeOf(values);
    const at = (value: string | number) => LEFT + ((Number(value) - low) / (high - low)) * width;
    return { at, ticks: ticksOf(low, high).map(({ value, name }) => ({ name, at: at(value) })) };
  }
  const names = [...new Set(values)].sort((a, b) =>
    String(a).localeCompare(String(b), "en", { numeric: true }),
  );
  const at = (value: string | number) => LEFT + ((names.indexOf(value) + 0.5) / names.length) * width;
  return { at, ticks: names.map((name) => ({ name: String(name), at: at(name) })) };
}
