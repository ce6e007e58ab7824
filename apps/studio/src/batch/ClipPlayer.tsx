import type { ClipFrames } from "duchenne/studio";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../shell/Icon.tsx";

interface ClipPlayerProps {
  readonly clip: ClipFrames;
  readonly storeId: string;
  /** Frames drawn from it, marked on the slider. */
  readonly frames: readonly { readonly name: string; readonly key: number | null }[];
}

/** A clip's frames under a slider through its time. */
export function ClipPlayer({ clip, storeId, frames }: ClipPlayerProps) {
  const { firstFrame, frameCount, frameRateHz } = clip;
  const marks = frames.flatMap(({ name, key }) => (key === null ? [] : [{ name, at: key - firstFrame }]));
  const [frame, setFrame] = useState(marks[0]?.at ?? 0);
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(() => setFrame((now) => (now + 1) % frameCount), 1000 / frameRateHz);
    return () => clearInterval(timer);
  }, [isPlaying, frameCount, frameRateHz]);
  const seconds = frame / frameRateHz;
  return (
    <figure class="player">
      <img
        src={`/api/stores/${storeId}/frames/${firstFrame + frame}`}
        alt={`The clip at ${seconds.toFixed(1)} s`}
      />
      <div class="timeline">
        <div class="marks" aria-hidden="true">
          {marks.map(({ name, at }, i) => (
            <i
              key={name}
              class={`mark mark-${i + 1}`}
              title={name}
              style={{ left: `${(100 * at) / Math.max(1, frameCount - 1)}%` }}
            />
          ))}
        </div>
        <input
          type="range"
          min="0"
          max={frameCount - 1}
          step="1"
          value={frame}
          aria-label="Time in the clip"
          aria-valuetext={`${seconds.toFixed(1)} seconds`}
          onInput={(event) => {
            setPlaying(false);
            setFrame(event.currentTarget.valueAsNumber);
          }}
        />
      </div>
      <figcaption>
        <button
          type="button"
          class="round"
          aria-label={isPlaying ? "Pause" : "Play"}
          onClick={() => setPlaying(!isPlaying)}
        >
          <Icon name={isPlaying ? "pause" : "play"} />
        </button>
        <output>{seconds.toFixed(1)} s</output>
        <span class="muted">of {((frameCount - 1) / frameRateHz).toFixed(1)}</span>
      </figcaption>
    </figure>
  );
}
