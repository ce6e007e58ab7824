import type { FaceMap, MappedPredictions, RunEntry, StoreEntry } from "duchenne/studio";
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { count } from "../format.ts";
import { useLibrary } from "../server/library.ts";
import { type Computation, useComputation } from "../server/useComputation.ts";
import { Choice } from "../shell/Choice.tsx";
import { RunAndStore } from "../shell/RunAndStore.tsx";
import { choose, useRoute } from "../shell/route.ts";
import { askForMap } from "./askForMap.ts";
import { type Checkpoint, checkpointName, checkpointsOf, findCheckpoint } from "./checkpoints.ts";
import { availableColourings, type ColouredFace } from "./colouring.ts";
import { Faces } from "./Faces.tsx";
import { alignedTo } from "./place.ts";

/** A store's faces where a run's network puts them. */
export function MapPage() {
  return (
    <RunAndStore
      what="A map"
      isUsable={({ checkpoints }) => checkpoints.length > 0}
      wanted="a run with a checkpoint"
    >
      {(run, store, choices) => <MapOf run={run} store={store} choices={choices} />}
    </RunAndStore>
  );
}

interface MapOfProps {
  readonly run: RunEntry;
  readonly store: StoreEntry;
  readonly choices: ComponentChildren;
}

/** Numbers of faces to choose from: the first is there in seconds, the last in a minute. */
const SIZES = [900, 3000, 10_000] as const;

function MapOf({ run, store, choices }: MapOfProps) {
  const { runs, probes } = useLibrary();
  const { chosen } = useRoute();
  // The map stays that of the checkpoint it was made of, whatever the run saves meanwhile.
  const newest = useMemo(() => run.checkpoints.at(-1)!, [run.id, store.id]);
  const wanted = Number(chosen.get("step"));
  const step = run.checkpoints.includes(wanted) ? wanted : newest;
  const beside = findCheckpoint(runs, chosen.get("beside"));
  const size = SIZES.find((one) => String(one) === chosen.get("faces")) ?? SIZES[0];
  const probe = probes.find(({ id }) => id === chosen.get("probe"));
  const query = (given: Readonly<Record<string, string>>) =>
    new URLSearchParams({ ...given, store: store.id, faces: String(size) });
  const pathOf = (one: Checkpoint) => `/api/maps?${query({ run: one.run.id, step: String(one.step) })}`;
  const first = useComputation<FaceMap>(pathOf({ run, step }), askForMap);
  const second = useComputation<FaceMap>(beside && pathOf(beside), askForMap);
  const predicted = useComputation<MappedPredictions>(
    probe && `/api/predictions?${query({ probe: probe.id })}`,
  );
  const faces = useMemo(
    () => first.result && withPredictions(first.result, predicted.result),
    [first.result, predicted.result],
  );
  const other = useMemo(
    () => faces && second.result && { ...second.result, faces: alignedTo(second.result.faces, faces) },
    [faces, second.result],
  );
  const available = availableColourings(faces ?? []);
  const by = available.find(({ id }) => id === chosen.get("by")) ?? available[0];
  const [isCompared] = useState(["step", "beside", "faces", "probe"].some((name) => chosen.has(name)));
  const maps = [
    ...(first.result ? [{ name: checkpointName({ run, step }), map: first.result }] : []),
    ...(beside && other ? [{ name: checkpointName(beside), map: other }] : []),
  ];
  return (
    <div class="stack tight">
      <header class="bar">
        <div>
          <h1>Map</h1>
          <p class="muted">
            {run.config.arch} after {count(step)} updates of {run.config.method}: what it takes for alike lies
            close
          </p>
        </div>
        <div class="fields">
          {choices}
          {by && (
            <Choice
              label="Colour"
              options={available}
              value={by.id}
              onChoose={(id) => choose({ by: id, without: null })}
            />
          )}
        </div>
        <details class="more" open={isCompared}>
          <summary>Compare, predict, more faces</summary>
          <div class="fields">
            {run.checkpoints.length > 1 && (
              <Choice
                label="Updates"
                options={run.checkpoints.map((one) => ({ id: String(one), name: count(one) }))}
                value={String(step)}
                onChoose={(id) => choose({ step: id })}
              />
            )}
            <Choice
              label="Beside it"
              options={[NOTHING, ...checkpointsOf(runs, { run, step })]}
              value={chosen.get("beside") ?? ""}
              onChoose={(id) => choose({ beside: id || null })}
            />
            <Choice
              label="At most"
              options={SIZES.map((one) => ({ id: String(one), name: `${count(one)} faces` }))}
              value={String(size)}
              onChoose={(id) => choose({ faces: id })}
            />
            {probes.length > 0 && (
              <Choice
                label="Predictions of"
                options={[NOTHING, ...probes]}
                value={probe?.id ?? ""}
                onChoose={(id) => choose({ probe: id || null })}
              />
            )}
          </div>
        </details>
      </header>
      <Waiting computation={first} />
      <Waiting computation={second} />
      <Waiting computation={predicted} />
      {predicted.result && (
        <p class="note">
          Predictions of {probe!.name}. It learned from some of these people if this is its store: to see how
          it does on others, colour by split.
        </p>
      )}
      {faces && by && (
        <Faces key={`${run.id} ${store.id}`} maps={maps} faces={faces} by={by.id} storeId={store.id} />
      )}
      {faces?.length === 0 && <p class="muted">A map needs at least three faces.</p>}
    </div>
  );
}

const NOTHING = { id: "", name: "nothing" } as const;

/** Faces with what a probe says of them; they are those of the map, in its order. */
const withPredictions = (
  { faces }: FaceMap,
  predictions: MappedPredictions | undefined,
): readonly ColouredFace[] =>
  predictions?.length === faces.length ? faces.map((face, i) => ({ ...face, ...predictions[i] })) : faces;

/** How far a computation is, or why it failed. */
function Waiting({
  computation: { progress, error, retry },
}: {
  readonly computation: Computation<unknown>;
}) {
  if (error !== undefined)
    return (
      <div class="alarm" role="alert">
        <p>{error}</p>
        <button type="button" class="button" onClick={retry}>
          Try again
        </button>
      </div>
    );
  if (progress === undefined) return null;
  return (
    <div class="working" role="status">
      <p>{progress.doing} …</p>
      <progress value={progress.share} max={1} aria-label={progress.doing} />
    </div>
  );
}
