import type uPlot from "uplot";
import { figure, tickTexts } from "../format.ts";
import { colourOf, resolveColour } from "../shell/theme.ts";
import { type AxisName, isOneValue, nearestLine } from "./series.ts";

/** A run's line in a plot. */
export interface PlotSeries {
  readonly name: string;
  /** As CSS takes it. */
  readonly colour: string;
  readonly dash: number[];
  /** Whether it is what was logged, kept faint under its smoothed line. */
  readonly isFaint: boolean;
}

/** The part of the axis that is shown. */
export type Zoom = readonly [from: number, to: number];

export interface PlotSettings {
  readonly axis: AxisName;
  readonly isLog: boolean;
  readonly onZoom: (zoom: Zoom | null) => void;
}

export const PLOT_HEIGHT = 190;
/** Plots with the same key show the same place under the pointer. */
const SYNC = "updates";
const LABELS: Readonly<Record<AxisName, string>> = { step: "update", epoch: "epoch", time: "hours" };
const LOGARITHMIC = 3;
/** A click is no range, pixels. */
const LEAST_DRAG = 5;

/** What is read off under the pointer: nothing past a run's end; the newest value if the pointer is elsewhere. */
function readOut({ data }: uPlot, value: number | null, row: number, index: number | null): string {
  const shown = index === null ? newestOf(data, row) : value;
  return shown == null ? "–" : figure(shown);
}

export const newestOf = (data: uPlot.AlignedData, row: number): number | null | undefined =>
  [...(data[row] ?? [])].findLast((value) => value != null);

export function optionsOf(
  series: readonly PlotSeries[],
  width: number,
  { axis, isLog, onZoom }: PlotSettings,
): uPlot.Options {
  const common = {
    stroke: colourOf("muted"),
    font: "11px Inter Variable",
    grid: { stroke: colourOf("line"), width: 1 },
    ticks: { show: false },
  };
  const values = (_: uPlot, ticks: number[]) => tickTexts(ticks);
  return {
    width,
    height: PLOT_HEIGHT,
    padding: [8, 18, 0, 0],
    cursor: {
      sync: { key: SYNC },
      y: false,
      points: { size: 7 },
      // The page keeps the zoom, so that new lines do not undo it.
      drag: { x: true, y: false, setScale: false },
      dataIdx: ({ data }, row, index) =>
        row === 0 ? index : (nearestLine(data[0], data[row]!, index) ?? index),
      bind: { dblclick: () => () => showAll(onZoom) },
    },
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width: dragged } = plot.select;
          if (dragged < LEAST_DRAG) return;
          onZoom([plot.posToVal(left, "x"), plot.posToVal(left + dragged, "x")]);
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
    legend: {
      live: true,
      markers: { width: 3, fill: () => "transparent", dash: (_, row) => markerOf(series[row - 1]) },
    },
    scales: { x: { time: false }, y: isLog ? { distr: LOGARITHMIC } : {} },
    axes: [
      { ...common, size: 26, space: 70, values },
      { ...common, size: 48, values },
    ],
    series: [{ label: LABELS[axis], value: readPlace }, ...series.map(lineOf)],
  };
}

const markerOf = (line: PlotSeries | undefined): string =>
  (line?.dash[0] ?? 0) === 0 ? "solid" : line!.dash[0]! > 4 ? "dashed" : "dotted";

const readPlace = (_: uPlot, value: number | null): string => (value == null ? "–" : figure(value));

function lineOf({ name, colour, dash, isFaint }: PlotSeries): uPlot.Series {
  const stroke = resolveColour(colour);
  return {
    label: isFaint ? `${name}, as logged` : name,
    stroke,
    alpha: isFaint ? 0.25 : 1,
    width: isFaint ? 1 : 2,
    dash,
    spanGaps: true,
    // A line of one point would not be seen.
    points: { show: ({ data }, row) => isOneValue(data[row]!), size: 8, fill: stroke },
    value: readOut,
  };
}

function showAll(onZoom: PlotSettings["onZoom"]): null {
  onZoom(null);
  return null;
}

/** Without what a logarithm does not have. */
export const positive = ([xs, ...rows]: uPlot.AlignedData): uPlot.AlignedData => [
  xs,
  ...rows.map((row) => Array.from(row, (value) => (value != null && value <= 0 ? null : value))),
];
