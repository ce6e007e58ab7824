import { Choice } from "../shell/Choice.tsx";
import { choose } from "../shell/route.ts";
import { type CurveChoices, MOST_SMOOTHING } from "./choices.ts";
import { AXES } from "./series.ts";

const AXIS_NAMES = { step: "updates", epoch: "epochs", time: "hours" } as const;

interface CurveToolsProps {
  readonly choices: CurveChoices;
  /** All figures that the runs logged, and those shown. */
  readonly logged: readonly string[];
  readonly shown: readonly string[];
}

/** How the curves are drawn; all of it goes into the address. */
export function CurveTools({ choices, logged, shown }: CurveToolsProps) {
  const { smoothing, axis, isLog, zoom } = choices;
  return (
    <>
      <header class="bar">
        <h2>Curves</h2>
        <div class="fields">
          {zoom && (
            <button type="button" class="button" onClick={() => choose({ zoom: null })}>
              Show all
            </button>
          )}
          <label class="check">
            <input type="checkbox" checked={isLog} onChange={() => choose({ log: isLog ? null : "1" })} />
            log scale
          </label>
          <Choice
            label="Over"
            options={AXES.map((id) => ({ id, name: AXIS_NAMES[id] }))}
            value={axis}
            // Another axis has other numbers.
            onChoose={(x) => choose({ x: x === "step" ? null : x, zoom: null })}
          />
          <label class="slider">
            <span>Smoothing</span>
            <input
              type="range"
              min="0"
              max={MOST_SMOOTHING}
              step="0.01"
              value={smoothing}
              onInput={({ currentTarget: { valueAsNumber } }) =>
                choose({ smooth: valueAsNumber === 0 ? null : String(valueAsNumber) })
              }
            />
            <output>{smoothing.toFixed(2)}</output>
          </label>
        </div>
      </header>
      <details class="figures">
        <summary>
          Figures: {shown.length} of {logged.length}
        </summary>
        <div class="fields">
          {logged.map((name) => (
            <label key={name} class="check">
              <input
                type="checkbox"
                checked={shown.includes(name)}
                onChange={() =>
                  choose({ figures: logged.filter((one) => shown.includes(one) !== (one === name)).join() })
                }
              />
              {name}
            </label>
          ))}
        </div>
      </details>
    </>
  );
}
