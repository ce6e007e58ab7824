import { figure } from "../format.ts";
import { type Colouring, rampColour } from "./colouring.ts";

const STEPS = 12;

interface LegendProps {
  readonly legend: Colouring["legend"];
  /** Classes that are left out. */
  readonly leftOut: ReadonlySet<string>;
  readonly onToggle: (name: string) => void;
}

/** What the colours mean; a class is left out, or taken in again, by its button. */
export function Legend({ legend, leftOut, onToggle }: LegendProps) {
  if (legend.kind === "range")
    return (
      <div class="ramp">
        <span>{figure(legend.low)}</span>
        <div>
          {Array.from({ length: STEPS }, (_, i) => (
            <i key={rampColour(i / (STEPS - 1))} style={{ background: rampColour(i / (STEPS - 1)) }} />
          ))}
        </div>
        <span>{figure(legend.high)}</span>
      </div>
    );
  return (
    <ul class="legend">
      {legend.classes.map(({ name, colour, count }) => (
        <li key={name}>
          <button
            type="button"
            class="legend-toggle"
            aria-pressed={!leftOut.has(name)}
            onClick={() => onToggle(name)}
          >
            <i class="dot" style={{ background: colour }} />
            {name} <span class="muted">{count}</span>
          </button>
        </li>
      ))}
      {legend.others > 0 && <li class="muted">and {legend.others} more</li>}
    </ul>
  );
}
