import type { RunEntry } from "duchenne/studio";
import { useMemo, useState } from "preact/hooks";
import { useMetrics } from "../server/useMetrics.ts";
import { CurvePlot } from "./CurvePlot.tsx";
import { seriesToken } from "./colours.ts";
import { alignedSeries, FIGURES, isLogged } from "./series.ts";

const MOST_SMOOTHING = 0.98;

/** The curves of the runs chosen, which grow while they train. */
export function Curves({ runs }: { readonly runs: readonly RunEntry[] }) {
  const [smoothing, setSmoothing] = useState(0);
  const { logs, error } = useMetrics(runs.map(({ id }) => id));
  const lines = runs.map(({ id }) => logs.get(id)?.lines ?? []);
  const names = runs.map(({ name }) => name).join();
  const plots = useMemo(
    () =>
      FIGURES.filter(({ name }) => isLogged(lines, name)).map((about) => ({
        ...about,
        data: alignedSeries(lines, about.name, smoothing),
      })),
    [logs, smoothing, names],
  );
  const series = runs.map(({ name }, i) => ({ name, token: seriesToken(i) }));
  return (
    <section aria-label="Curves">
      <header class="bar">
        <h2>Curves</h2>
        <label class="slider">
          <span>Smoothing</span>
          <input
            type="range"
            min="0"
            max={MOST_SMOOTHING}
            step="0.01"
            value={smoothing}
            onInput={(event) => setSmoothing(event.currentTarget.valueAsNumber)}
          />
          <output>{smoothing.toFixed(2)}</output>
        </label>
      </header>
      {error && <p class="alarm">{error.message}</p>}
      {plots.length === 0 && (
        <p class="muted">No values yet. The run logs the first line after a few updates.</p>
      )}
      <div class="plots">
        {plots.map(({ name, title, note, data }) => (
          <CurvePlot key={name} title={title} note={note} data={data} series={series} />
        ))}
      </div>
    </section>
  );
}
