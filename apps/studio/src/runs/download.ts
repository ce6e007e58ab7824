import type uPlot from "uplot";
import { csvCell } from "../csv.ts";
import { colourOf } from "../shell/theme.ts";
import type { PlotSeries } from "./plotOptions.ts";

/** Hands a file to the browser's downloads. */
export function saveBlob(name: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

const fileName = (title: string, extension: string): string =>
  `${title.toLowerCase().replace(/[^a-z0-9]+/g, "-")}.${extension}`;

/** The values of a plot, one column a line. */
export function csvOf(axis: string, data: uPlot.AlignedData, series: readonly PlotSeries[]): string {
  const head = [axis, ...series.map(({ name, isFaint }) => (isFaint ? `${name}, as logged` : name))];
  const rows = Array.from(data[0], (x, i) => [x, ...data.slice(1).map((row) => row[i] ?? "")]);
  return [head, ...rows].map((row) => `${row.map((cell) => csvCell(String(cell))).join(",")}\n`).join("");
}

export const saveCsv = (
  title: string,
  axis: string,
  data: uPlot.AlignedData,
  series: readonly PlotSeries[],
): void => saveBlob(fileName(title, "csv"), new Blob([csvOf(axis, data, series)], { type: "text/csv" }));

const TITLE_HEIGHT = 34;
const LINE_HEIGHT = 20;

/** The plot as a picture, with its title and which line is whose. */
export function savePng(title: string, plot: uPlot): void {
  const { canvas } = plot.ctx;
  const ratio = devicePixelRatio;
  const lines = plot.series.slice(1);
  const picture = document.createElement("canvas");
  picture.width = canvas.width;
  picture.height = canvas.height + ratio * (TITLE_HEIGHT + LINE_HEIGHT * lines.length);
  const context = picture.getContext("2d")!;
  context.fillStyle = colourOf("surface");
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(canvas, 0, ratio * TITLE_HEIGHT);
  context.scale(ratio, ratio);
  context.fillStyle = colourOf("text");
  context.font = "600 15px Inter Variable, sans-serif";
  context.fillText(title, 12, 22);
  context.font = "12px Inter Variable, sans-serif";
  for (const [i, { label, stroke }] of lines.entries()) {
    const y = canvas.height / ratio + TITLE_HEIGHT + LINE_HEIGHT * i + 12;
    context.fillStyle = typeof stroke === "function" ? String(stroke(plot, i + 1)) : String(stroke);
    context.fillRect(12, y - 5, 16, 3);
    context.fillStyle = colourOf("text");
    context.fillText(String(label), 36, y);
  }
  picture.toBlob((blob) => blob && saveBlob(fileName(title, "png"), blob));
}
