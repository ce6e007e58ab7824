import type { RunEntry } from "duchenne/studio";
import { useMemo } from "preact/hooks";
import { useMetrics } from "../server/useMetrics.ts";
import { choose, useRoute } from "../shell/route.ts";
import { CurvePlot } from "./CurvePlot.tsx";
import { CurveTools } from "./CurveTools.tsx";
import { type CurveChoices, readChoices } from "./choices.ts";
import { runColour, runDash } from "./colours.ts";
import type { PlotSeries, Zoom } from "./plotOptions.ts";
import { alignedSeries, FIGURES, isExact, loggedFigures } from "./series.ts";

/** The curves of the runs chosen, which grow while they train. */
export function Curves({ runs }: { readonly runs: readonly RunEntry[] }) {
  const choices = readChoices(useRoute().chosen);
  const { logs, error } = useMetrics(runs.map(({ id }) => id));
  const lines = runs.map(({ id }) => logs.get(id)?.lines ?? []);
  const ids = runs.map(({ id }) => id).join();
  const { smoothing, axis, figures } = choices;
  const logged = useMemo(() => loggedFigures(lines), [logs, ids]);
  const shown = figures ?? logged.filter((name) => FIGURES.some((known) => known.name === name));
  const plots = useMemo(
    () =>
      shown.map((name) => {
        const isSmoothed = smoothing > 0 && !isExact(name);
        const data = isSmoothed ? joined(lines, name, choices) : alignedSeries(lines, name, 0, axis);
        return { ...aboutOf(name), data, isSmoothed };
      }),
    [logs, smoothing, axis, shown.join(), ids],
  );
  const onZoom = (zoom: Zoom | null) =>
    choose({ zoom: zoom?.map((value) => Number(value.toPrecision(6))).join("~") ?? null });
  const methods = new Set(runs.map(({ config }) => config.method));
  return (
    <section aria-label="Curves">
      <CurveTools choices={choices} logged={logged} shown={shown} />
      {error && <p class="alarm">{error.message}</p>}
      {plots.length === 0 && (
        <p class="muted">No values yet. The run logs the first line after a few updates.</p>
      )}
      {methods.size > 1 && shown.includes("loss") && (
        <p class="note warning">
          These runs have different methods ({[...methods].join(", ")}): their losses measure different things
          and cannot be compared. Compare results instead.
        </p>
      )}
      <div class="plots">
        {plots.map(({ name, title, note, data, isSmoothed }) => (
          <CurvePlot
            key={name}
            title={title}
            note={isSmoothed ? `${note} · smoothed ${smoothing.toFixed(2)}` : note}
            data={data}
            series={seriesOf(runs, isSmoothed)}
            axis={axis}
            isLog={choices.isLog}
            zoom={choices.zoom}
            onZoom={onZoom}
          />
        ))}
      </div>
    </section>
  );
}

const aboutOf = (name: string) =>
  FIGURES.find((known) => known.name === name) ?? { name, title: name, note: "" };

/** What was logged, and over it what it is smoothed to: on one axis. */
function joined(lines: Parameters<typeof alignedSeries>[0], name: string, { axis, smoothing }: CurveChoices) {
  const [xs, ...raw] = alignedSeries(lines, name, 0, axis);
  const [, ...smoothed] = alignedSeries(lines, name, smoothing, axis);
  return [xs, ...raw, ...smoothed] as ReturnType<typeof alignedSeries>;
}

function seriesOf(runs: readonly RunEntry[], isSmoothed: boolean): PlotSeries[] {
  const of = (isFaint: boolean) =>
    runs.map(({ id, name }) => ({
      name: isSmoothed && !isFaint ? `${name} (smoothed)` : name,
      colour: runColour(id),
      dash: runDash(id),
      isFaint,
    }));
  return isSmoothed ? [...of(true), ...of(false)] : of(false);
}
