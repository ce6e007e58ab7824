import { percent } from "../format.ts";
import type { Reading } from "./reading.ts";

interface BarsProps {
  readonly classes: readonly string[];
  readonly reading: Reading | undefined;
  readonly label: string;
}

/** How probable each expression is. */
export function Bars({ classes, reading, label }: BarsProps) {
  return (
    <ul class="bars" aria-label={label}>
      {classes.map((name) => {
        const share = reading?.probabilities[name] ?? 0;
        return (
          <li key={name} class={reading?.expression === name ? "first" : undefined}>
            <span>{name}</span>
            <div class="track" aria-hidden="true">
              <div style={{ width: `${100 * share}%` }} />
            </div>
            <output>{reading ? percent(share) : "–"}</output>
          </li>
        );
      })}
    </ul>
  );
}
