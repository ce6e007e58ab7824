import * as Plot from "@observablehq/plot";
import type { CurvePlot, FewLabelPlot } from "../data/reportData.ts";
import { formatCell } from "../markup/format.ts";
import { type Html, html } from "../markup/html.ts";
import { legend, nameStyle, plotFigure } from "../markup/svg.ts";

/** More points than the plot has columns only make the page heavy. */
const MOST_POINTS = 240;

/** A metric against the number of labels, with intervals, on a logarithmic axis. */
export function renderFewLabels({ title, metric, unit, series }: FewLabelPlot): Html {
  const scale = unit === "percent" ? 100 : 1;
  const counts = [...new Set(series.flatMap(({ points }) => points.map(({ labels }) => labels)))].sort(
    (a, b) => a - b,
  );
  const marks = series.flatMap(({ name, points }) => {
    const { colour, dash } = nameStyle(name);
    const drawn = points.map((point) => ({
      labels: point.labels,
      value: scale * point.value,
      low: scale * (point.low ?? point.value),
      high: scale * (point.high ?? point.value),
      title: `${name}, ${point.labels} labels: ${formatCell(point, unit)}`,
    }));
    return [
      Plot.ruleX(drawn, {
        x: "labels",
        y1: "low",
        y2: "high",
        stroke: colour,
        strokeOpacity: 0.45,
        strokeWidth: 3,
      }),
      Plot.lineY(drawn, { x: "labels", y: "value", stroke: colour, strokeWidth: 2, strokeDasharray: dash }),
      Plot.dot(drawn, { x: "labels", y: "value", fill: colour, r: 3.5, title: "title" }),
    ];
  });
  return plotFigure(
    title,
    {
      x: {
        type: "log",
        label: "labels used",
        ticks: counts,
        tickFormat: (n: number) => n.toLocaleString("en"),
      },
      y: { label: metric, grid: true, nice: true },
      marks,
    },
    legend(series.map(({ name }) => ({ name, ...nameStyle(name) }))),
  );
}

/** Something logged in the course of runs. */
export function renderCurve({ title, warning, xLabel, yLabel, series }: CurvePlot): Html {
  const curves = series.map(({ name, points }) => ({ ...nameStyle(name), drawn: thin(points) }));
  const marks = curves.map(({ colour, dash, drawn }) =>
    // A line of one point would not be seen.
    drawn.length === 1
      ? Plot.dot(drawn, { x: "0", y: "1", fill: colour, r: 3.5 })
      : Plot.lineY(drawn, { x: "0", y: "1", stroke: colour, strokeWidth: 1.75, strokeDasharray: dash }),
  );
  const places = [...new Set(curves.flatMap(({ drawn }) => drawn.map(([x]) => x)))];
  const onlyPlace = places.length === 1 && {
    ticks: places,
    tickFormat: (n: number) => n.toLocaleString("en"),
  };
  return plotFigure(
    title,
    { x: { label: xLabel, nice: false, ...onlyPlace }, y: { label: yLabel, grid: true, nice: true }, marks },
    html`${legend(series.map(({ name }) => ({ name, ...nameStyle(name) })))}${warning === undefined ? "" : html`<p class="note">${warning}</p>`}`,
  );
}

/** Means of equal stretches, so that single spikes do not dominate the curve. */
function thin(points: CurvePlot["series"][number]["points"]): [number, number][] {
  const finite = points.filter(([, y]) => Number.isFinite(y));
  const stretch = Math.ceil(finite.length / MOST_POINTS);
  const means: [number, number][] = [];
  for (let i = 0; i < finite.length; i += stretch) {
    const part = finite.slice(i, i + stretch);
    const mean = (axis: 0 | 1) => part.reduce((sum, point) => sum + point[axis], 0) / part.length;
    means.push([mean(0), mean(1)]);
  }
  return means;
}

/** Plots side by side where there is room; on a phone, a row to move through. */
export const gallery = (figures: readonly Html[]): Html =>
  html`<div class="gallery" tabindex="0" role="group" aria-label="plots">${figures}</div>`;

/** Parts of a section below each other; on a phone, a row to move through. @param name of what it holds */
export const strip = (name: string, parts: Html): Html =>
  html`<div class="strip" tabindex="0" role="group" aria-label="${name}">${parts}</div>`;
