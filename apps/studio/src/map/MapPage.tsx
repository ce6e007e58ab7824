import type { FaceMap, RunEntry, StoreEntry } from "duchenne/studio";
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { count } from "../format.ts";
import { useMap } from "../server/useMap.ts";
import { Choice } from "../shell/Choice.tsx";
import { RunAndStore } from "../shell/RunAndStore.tsx";
import { choose, useRoute } from "../shell/route.ts";
import { colourOf, useTheme } from "../shell/theme.ts";
import { availableColourings, type ColouringId, colourBy } from "./colouring.ts";
import { Legend } from "./Legend.tsx";
import { Neighbours } from "./Neighbours.tsx";
import { Scatter } from "./Scatter.tsx";

/** A store's faces where a run's network puts them. */
export function MapPage() {
  return (
    <RunAndStore
      what="A map"
      isUsable={({ checkpoints }) => checkpoints.length > 0}
      wanted="a run with a checkpoint"
    >
      {(run, store, choices) => (
        <MapOf key={`${run.id} ${store.id}`} run={run} store={store} choices={choices} />
      )}
    </RunAndStore>
  );
}

interface MapOfProps {
  readonly run: RunEntry;
  readonly store: StoreEntry;
  readonly choices: ComponentChildren;
}

function MapOf({ run, store, choices }: MapOfProps) {
  // The map stays that of the checkpoint it was made of, whatever the run saves meanwhile.
  const [step] = useState(run.checkpoints.at(-1)!);
  const { map, progress, error, retry } = useMap(run.id, step, store.id);
  const { chosen } = useRoute();
  const available = availableColourings(map?.faces ?? []);
  const by = available.find(({ id }) => id === chosen.get("by")) ?? available[0];
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
            <Choice label="Colour" options={available} value={by.id} onChoose={(id) => choose({ by: id })} />
          )}
        </div>
      </header>
      {error !== undefined && (
        <div class="alarm" role="alert">
          <p>{error}</p>
          <button type="button" class="button" onClick={retry}>
            Try again
          </button>
        </div>
      )}
      {progress && (
        <div class="working" role="status">
          <p>{progress.doing} …</p>
          <progress value={progress.share} max={1} aria-label={progress.doing} />
        </div>
      )}
      {map && by && <Faces map={map} by={by.id} storeId={store.id} />}
      {map && map.faces.length === 0 && <p class="muted">A map needs at least three faces.</p>}
    </div>
  );
}

interface FacesProps {
  readonly map: FaceMap;
  readonly by: ColouringId;
  readonly storeId: string;
}

function Faces({ map, by, storeId }: FacesProps) {
  const [face, setFace] = useState<number | null>(null);
  const theme = useTheme();
  const colouring = useMemo(() => colourBy(map.faces, by, colourOf), [map, by, theme]);
  const near = useMemo(
    () => (face === null ? [] : map.neighbours[face]!.map((neighbour) => neighbour.face)),
    [map, face],
  );
  return (
    <div class="map">
      <div class="map-main">
        <Scatter
          faces={map.faces}
          colouring={colouring}
          chosen={face}
          near={near}
          storeId={storeId}
          onChoose={setFace}
        />
        <Legend legend={colouring.legend} />
      </div>
      {face === null ? (
        <p class="muted hint">
          Click a face to see its nearest neighbours, or press Tab and move with the arrow keys.
        </p>
      ) : (
        <Neighbours map={map} chosen={face} storeId={storeId} onChoose={setFace} />
      )}
    </div>
  );
}
