import { formatDuration, type RunEntry } from "duchenne/studio";
import { count, figure, percent, since } from "../format.ts";

interface RunCardProps {
  readonly run: RunEntry;
  /** Null if it is not chosen. */
  readonly colour: string | null;
  readonly onToggle: () => void;
}

const STATES: Readonly<Record<RunEntry["state"], string>> = {
  running: "training",
  finished: "finished",
  stopped: "stopped",
  failed: "failed",
};

function paceOf({ elapsedSeconds, secondsLeft, newest }: RunEntry): string[] {
  const rate = newest?.imagesPerSecond;
  return [
    ...(secondsLeft === null ? [] : [`${formatDuration(secondsLeft)} left`]),
    ...(elapsedSeconds === null ? [] : [`${formatDuration(elapsedSeconds)} elapsed`]),
    ...(rate == null ? [] : [`${count(rate)} images/s`]),
  ];
}

/** A run in the list: chosen or not, how far it is, and its newest figures. */
export function RunCard({ run, colour, onToggle }: RunCardProps) {
  const { name, config, newest, totalSteps, state, changedAt } = run;
  const share = newest && totalSteps ? Math.min(1, newest.step / totalSteps) : 0;
  return (
    <li>
      <label class="run-card" style={{ "--mark": colour ?? "transparent" }}>
        <input type="checkbox" checked={colour !== null} onChange={onToggle} />
        <span class="name">
          {name}
          <span class={state === "running" ? "live" : `state ${state}`}>{STATES[state]}</span>
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
          {state !== "running" && changedAt > 0 && <span>{since(changedAt, Date.now())}</span>}
        </span>
        <span class="facts">
          {paceOf(run).map((text) => (
            <span key={text}>{text}</span>
          ))}
        </span>
      </label>
    </li>
  );
}
