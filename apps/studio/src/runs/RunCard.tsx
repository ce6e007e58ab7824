import type { RunEntry } from "duchenne/studio";
import { count, figure, percent, since } from "../format.ts";

interface RunCardProps {
  readonly run: RunEntry;
  /** The token of its colour; null where it is not chosen. */
  readonly token: string | null;
  readonly onToggle: () => void;
}

/** A run in the list: chosen or not, how far it is, and its newest figures. */
export function RunCard({ run, token, onToggle }: RunCardProps) {
  const { name, config, newest, totalSteps, isTraining, changedAt } = run;
  const share = newest && totalSteps ? Math.min(1, newest.step / totalSteps) : 0;
  return (
    <li>
      <label class="run-card" style={{ "--mark": token ? `var(--${token})` : "transparent" }}>
        <input type="checkbox" checked={token !== null} onChange={onToggle} />
        <span class="name">
          {name}
          {isTraining && <span class="live">training</span>}
        </span>
        <span class="facts">
          {config.method} · {config.arch} · {config.size} px · batch {config.batch}
        </span>
        <progress value={share} max={1} aria-label={`${percent(share)} of the updates`} />
        <span class="facts">
          <span>
            {newest ? count(newest.step) : 0}
            {totalSteps !== null && ` of ${count(totalSteps)}`} updates
          </span>
          <span>{typeof newest?.loss === "number" ? `loss ${figure(newest.loss)}` : "no figures yet"}</span>
          {!isTraining && changedAt > 0 && <span>{since(changedAt, Date.now())}</span>}
        </span>
      </label>
    </li>
  );
}
