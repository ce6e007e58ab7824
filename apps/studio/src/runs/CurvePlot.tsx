import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { figure } from "../format.ts";
import { colourOf, useTheme } from "../shell/theme.ts";

export interface CurvePlotProps {
  readonly title: string;
  readonly note: string;
  readonly data: uPlot.AlignedData;
  /** One for each row of the data after the first. */
  readonly series: readonly { readonly name: string; readonly token: string }[];
}

const HEIGHT = 190;
/** Plots with the same key show the same update under the pointer. */
const SYNC = "updates";

/** One figure of several runs over the updates. */
export function CurvePlot({ title, note, data, series }: CurvePlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const theme = useTheme();
  const key = `${theme} ${series.map(({ name, token }) => `${name}=${token}`).join()}`;
  useEffect(() => {
    const element = box.current!;
    const drawn = new uPlot(optionsOf(series, element.clientWidth), data, element);
    plot.current = drawn;
    const observer = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
    };
  }, [key]);
  useEffect(() => plot.current!.setData(data), [data]);
  return (
    <figure class="plot">
      <figcaption>
        {title} <span class="muted">{note}</span>
      </figcaption>
      <div ref={box} class="curve" role="img" aria-label={describe(title, data, series)} />
    </figure>
  );
}

/** What one would read off: the newest value of each run. */
function describe(title: string, data: uPlot.AlignedData, series: CurvePlotProps["series"]): string {
  const newest = series.map(({ name }, i) => {
    const last = newestOf(data, i + 1);
    return `${name} ${last == null ? "has none yet" : figure(last)}`;
  });
  return `${title}: ${newest.join(", ")}`;
}

/** The value under the pointer; the newest one where that is elsewhere. */
function readOut({ data }: uPlot, value: number | null, row: number, index: number | null): string {
  const shown = index === null ? newestOf(data, row) : value;
  return shown == null ? "–" : figure(shown);
}

const newestOf = (data: uPlot.AlignedData, row: number): number | null | undefined =>
  [...(data[row] ?? [])].findLast((value) => value != null);

function optionsOf(series: CurvePlotProps["series"], width: number): uPlot.Options {
  const axis = {
    stroke: colourOf("muted"),
    font: "11px Inter Variable",
    grid: { stroke: colourOf("line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, 18, 0, 0],
    cursor: { sync: { key: SYNC }, y: false, points: { size: 7 }, drag: { x: true, y: false } },
    legend: { live: true },
    scales: { x: { time: false } },
    axes: [
      { ...axis, size: 26, space: 70, values: (_, ticks) => ticks.map((tick) => figure(tick)) },
      { ...axis, size: 48, values: (_, ticks) => ticks.map((tick) => figure(tick)) },
    ],
    series: [
      { label: "update" },
      ...series.map(({ name, token }) => ({
        label: name,
        stroke: colourOf(token),
        width: 2,
        spanGaps: true,
        points: { show: false },
        value: readOut,
      })),
    ],
  };
}
