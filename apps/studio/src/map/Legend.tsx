import { figure } from "../format.ts";
import { type Colouring, rampColour } from "./colouring.ts";

const STEPS = 12;

/** What the colours mean. */
export function Legend({ legend }: { readonly legend: Colouring["legend"] }) {
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
          <i class="dot" style={{ background: colour }} />
          {name} <span class="muted">{count}</span>
        </li>
      ))}
      {legend.others > 0 && <li class="muted">and {legend.others} more</li>}
    </ul>
  );
}
