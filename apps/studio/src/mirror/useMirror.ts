import { Smoother } from "@duchenne/predict";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Recall } from "./faceFollower.ts";
import { FilmRecord } from "./film.ts";
import { type Reading, readingOf } from "./reading.ts";
import { closeSource, type MirrorSource } from "./source.ts";
import type { Sight } from "./watcher.ts";
import type { WorkerModel } from "./workerModel.ts";

/** What the mirror shows. */
export interface Mirror {
  readonly source: MirrorSource | undefined;
  readonly model: WorkerModel | undefined;
  readonly sight: Sight | undefined;
  /** Of the faces of `sight`, in their order. */
  readonly readings: readonly Reading[];
  /** What was seen of a film that was opened. */
  readonly record: FilmRecord;
  /** What is waited for. */
  readonly waiting: string | undefined;
  readonly error: string | undefined;
  /** Opens another source in place of the one there is. */
  readonly open: (opening: () => Promise<MirrorSource>) => void;
  readonly stop: () => void;
}

interface Seen {
  readonly sight: Sight;
  readonly readings: readonly Reading[];
}

const NONE: readonly Reading[] = [];
/** Time constant of what is shown: it steadies, and nobody sees that it lags. */
const SMOOTHING_SECONDS = 0.08;

/** Watches a source with a model; the networks are loaded when first needed. */
export function useMirror(modelId: string): Mirror {
  const [source, setSource] = useState<MirrorSource>();
  const [model, setModel] = useState<WorkerModel>();
  const [seen, setSeen] = useState<Seen>();
  const [record, setRecord] = useState(() => new FilmRecord());
  const [waiting, setWaiting] = useState<string>();
  const [error, setError] = useState<string>();
  const current = useRef<MirrorSource | undefined>(undefined);
  /** Number of the last wish: what opens after another was made, or after the page is left, is closed again. */
  const wishes = useRef(0);
  /** Its picture is open as long as it is shown. */
  const lastSeen = useRef<Seen | undefined>(undefined);
  const showSeen = (next: Seen | undefined) => {
    lastSeen.current?.sight.picture.close();
    lastSeen.current = next;
    setSeen(next);
  };
  const show = (next: MirrorSource | undefined) => {
    if (current.current) closeSource(current.current);
    current.current = next;
    showSeen(undefined);
    setRecord(new FilmRecord());
    setSource(next);
  };
  const stop = () => {
    wishes.current += 1;
    setWaiting(undefined);
    show(undefined);
  };
  useEffect(() => stop, []);
  useEffect(() => {
    if (source === undefined) return;
    const controller = new AbortController();
    const { signal } = controller;
    setWaiting("Loading the networks …");
    const onModel = (loaded: WorkerModel) => {
      setModel(loaded);
      setWaiting(undefined);
    };
    const smoother = new Smoother(SMOOTHING_SECONDS);
    const onSight = (sight: Sight) => {
      // The page ends what it began a moment after its source is gone.
      if (current.current !== source) {
        sight.picture.close();
        return;
      }
      const now = performance.now() / 1000;
      if (source.kind === "video") record.add(sight);
      // A frame that stands still is not mixed with those before it.
      const isStill = source.kind === "video" && source.element.paused;
      const readings = sight.faces.map(({ id, prediction }) =>
        readingOf(id, isStill ? prediction : smoother.apply(id, now, prediction)),
      );
      showSeen({ sight, readings });
    };
    run(source, modelId, signal, onModel, onSight, record).catch((failure: Error) => {
      if (signal.aborted) return;
      setWaiting(undefined);
      setError(failure.message);
    });
    return () => controller.abort();
  }, [source, modelId, record]);
  const open = (opening: () => Promise<MirrorSource>) => {
    const wish = ++wishes.current;
    setError(undefined);
    setWaiting("Opening …");
    opening().then(
      (next) => (wish === wishes.current ? show(next) : closeSource(next)),
      (failure: Error) => {
        if (wish !== wishes.current) return;
        setWaiting(undefined);
        setError(failure.message);
      },
    );
  };
  return {
    source,
    record,
    model,
    sight: seen?.sight,
    readings: seen?.readings ?? NONE,
    waiting,
    error,
    open,
    stop,
  };
}

/** Code and networks come in a part of their own, which other pages do without. */
async function run(
  source: MirrorSource,
  modelId: string,
  signal: AbortSignal,
  onModel: (model: WorkerModel) => void,
  onSight: (sight: Sight) => void,
  recall: Recall,
): Promise<void> {
  const { startWatcher } = await import("./startWatcher.ts");
  const { watcher, model } = await startWatcher(modelId);
  try {
    if (signal.aborted) return;
    onModel(model);
    await watcher.predictFrames(source, signal, onSight, recall);
    await untilAborted(signal);
  } finally {
    model.dispose();
  }
}

/** A picture stays as long as it is shown, and its model with it. */
const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
