import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { figure } from "../format.ts";
import { useTheme } from "../shell/theme.ts";
import { saveCsv, savePng } from "./download.ts";
import {
  newestOf,
  optionsOf,
  PLOT_HEIGHT,
  type PlotSeries,
  type PlotSettings,
  positive,
  type Zoom,
} from "./plotOptions.ts";

export interface CurvePlotProps extends PlotSettings {
  readonly title: string;
  readonly note: string;
  readonly data: uPlot.AlignedData;
  /** One for each row of the data after the first. */
  readonly series: readonly PlotSeries[];
  /** The part of the axis that is shown; null: all of it. */
  readonly zoom: Zoom | null;
}

/** One figure of several runs. */
export function CurvePlot(props: CurvePlotProps) {
  const { title, note, data, series, zoom, axis, isLog } = props;
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const theme = useTheme();
  const shown = isLog ? positive(data) : data;
  const key = `${theme} ${axis} ${isLog} ${series.map(({ name, isFaint }) => `${name}=${isFaint}`).join()}`;
  useEffect(() => {
    const element = box.current!;
    const drawn = new uPlot(optionsOf(series, element.clientWidth, props), shown, element);
    plot.current = drawn;
    showPart(drawn, zoom);
    const observer = new ResizeObserver(() =>
      drawn.setSize({ width: element.clientWidth, height: PLOT_HEIGHT }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      drawn.destroy();
    };
  }, [key]);
  useEffect(() => {
    plot.current!.setData(shown, zoom === null);
    showPart(plot.current!, zoom);
  }, [data, isLog, zoom?.join()]);
  return (
    <figure class="plot">
      <figcaption>
        {title} <span class="muted">{note}</span>
      </figcaption>
      <div ref={box} class="curve" role="img" aria-label={describe(title, data, series)} />
      <div class="plot-tools">
        <button type="button" class="link" onClick={() => saveCsv(title, axis, data, series)}>
          CSV<span class="hidden"> of {title}</span>
        </button>
        <button type="button" class="link" onClick={() => savePng(title, plot.current!)}>
          PNG<span class="hidden"> of {title}</span>
        </button>
      </div>
    </figure>
  );
}

function showPart(plot: uPlot, zoom: Zoom | null): void {
  if (zoom !== null) plot.setScale("x", { min: zoom[0], max: zoom[1] });
}

/** What one would read off: the newest value of each run. */
function describe(title: string, data: uPlot.AlignedData, series: CurvePlotProps["series"]): string {
  const newest = series.flatMap(({ name, isFaint }, i) => {
    const last = newestOf(data, i + 1);
    return isFaint ? [] : [`${name} ${last == null ? "has none yet" : figure(last)}`];
  });
  return `${title}: ${newest.join(", ")}`;
}
