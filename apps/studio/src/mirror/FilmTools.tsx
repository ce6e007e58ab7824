import type { ModelEntry } from "duchenne/studio";
import { useEffect, useMemo, useState } from "preact/hooks";
import { saveBlob } from "../runs/download.ts";
import { Icon } from "../shell/Icon.tsx";
import { type FilmRecord, filmCsv, type Range } from "./film.ts";
import { stepFrame } from "./stepFrame.ts";
import { Timeline } from "./Timeline.tsx";
import type { Mirror } from "./useMirror.ts";

interface FilmToolsProps {
  readonly mirror: Mirror;
  readonly record: FilmRecord;
  readonly model: ModelEntry;
}

/** Between two drawings of the lines of a film that plays, milliseconds: a long film has many. */
const REDRAW_MS = 250;

/** Moves through a film, and keeps what the model said of it. */
export function FilmTools({ mirror: { source, sight }, record, model }: FilmToolsProps) {
  const video = source!.element as HTMLVideoElement;
  const [isPaused, setPaused] = useState(video.paused);
  const [leftOut, setLeftOut] = useState<readonly Range[]>([]);
  const [begun, setBegun] = useState<number>();
  useEffect(() => {
    const listen = () => setPaused(video.paused);
    for (const name of ["play", "pause"]) video.addEventListener(name, listen);
    return () => {
      for (const name of ["play", "pause"]) video.removeEventListener(name, listen);
    };
  }, [video]);
  const duration = Number.isFinite(video.duration) ? video.duration : 0;
  const seconds = sight?.seconds ?? 0;
  const drawing = isPaused ? record.changes : Math.floor(performance.now() / REDRAW_MS);
  const rows = useMemo(() => record.rows(), [record, isPaused, drawing]);
  const seek = (to: number) => {
    video.currentTime = Math.min(Math.max(0, to), duration);
  };
  const step = (direction: 1 | -1) => void stepFrame(video, seconds, direction, record.frameSeconds);
  const leaveOut = () => {
    if (begun === undefined) return setBegun(seconds);
    setLeftOut([...leftOut, [Math.min(begun, seconds), Math.max(begun, seconds)]]);
    setBegun(undefined);
  };
  const save = () => {
    const text = filmCsv(source!.name, record.rows(leftOut), model.classes, model.hasAffect);
    saveBlob(`${source!.name.replace(/\.[^.]*$/, "")}.csv`, new Blob([text], { type: "text/csv" }));
  };
  return (
    <section class="film-tools" aria-label="Film">
      <div class="fields">
        <button type="button" class="round" aria-label="The frame before" onClick={() => step(-1)}>
          ‹
        </button>
        <button
          type="button"
          class="round"
          aria-label={isPaused ? "Play" : "Pause"}
          onClick={() => (isPaused ? void video.play() : video.pause())}
        >
          <Icon name={isPaused ? "play" : "pause"} />
        </button>
        <button type="button" class="round" aria-label="The next frame" onClick={() => step(1)}>
          ›
        </button>
        <input
          class="seek"
          type="range"
          min="0"
          max={duration}
          step="any"
          value={seconds}
          aria-label="Time in the film"
          aria-valuetext={`${seconds.toFixed(2)} seconds`}
          onInput={({ currentTarget }) => seek(currentTarget.valueAsNumber)}
        />
        <output>
          {seconds.toFixed(2)} of {duration.toFixed(2)} s
        </output>
      </div>
      <Timeline
        rows={rows}
        classes={model.classes}
        duration={duration}
        seconds={seconds}
        leftOut={leftOut}
        onSeek={seek}
      />
      <div class="fields">
        <button type="button" class="button" onClick={leaveOut}>
          {begun === undefined ? "Leave out from here" : `Leave out from ${begun.toFixed(2)} s to here`}
        </button>
        {leftOut.length > 0 && (
          <button type="button" class="button" onClick={() => setLeftOut([])}>
            Take all in again
          </button>
        )}
        <button type="button" class="button" onClick={save}>
          Save CSV
        </button>
      </div>
    </section>
  );
}
