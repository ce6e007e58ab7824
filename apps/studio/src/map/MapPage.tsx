import type { FaceMap, MappedFace, RunEntry, StoreEntry } from "duchenne/studio";
import type { ComponentChildren } from "preact";
import { useCallback, useMemo, useState } from "preact/hooks";
import { count } from "../format.ts";
import { useMap } from "../server/useMap.ts";
import { Choice } from "../shell/Choice.tsx";
import { RunAndStore } from "../shell/RunAndStore.tsx";
import { choose, useRoute } from "../shell/route.ts";
import { colourOf, useTheme } from "../shell/theme.ts";
import { availableColourings, type ColouringId, colourBy } from "./colouring.ts";
import { describeFace, faceUrl } from "./describeFace.ts";
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
            <Choice
              label="Colour"
              options={available}
              value={by.id}
              onChoose={(id) => choose({ by: id, without: null })}
            />
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
  const { chosen } = useRoute();
  const [lassoed, setLassoed] = useState<readonly number[]>([]);
  const leftOut = useMemo(
    () => new Set(chosen.get("without")?.split(",").filter(Boolean)),
    [chosen.get("without")],
  );
  const person = (chosen.get("person") ?? "").toLowerCase();
  const isShown = useCallback(
    (one: MappedFace) =>
      !leftOut.has(String(one[by])) && (person === "" || (one.person ?? "").toLowerCase().includes(person)),
    [leftOut, person, by],
  );
  const toggle = (name: string) => {
    const names = leftOut.has(name) ? [...leftOut].filter((one) => one !== name) : [...leftOut, name];
    choose({ without: names.join() || null });
  };
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
          isShown={isShown}
          onChoose={setFace}
          onLasso={setLassoed}
        />
        <label class="field person">
          Person
          <input
            class="filter"
            type="search"
            value={person}
            onInput={({ currentTarget }) => choose({ person: currentTarget.value || null })}
          />
        </label>
        <Legend legend={colouring.legend} leftOut={leftOut} onToggle={toggle} />
        {lassoed.length > 0 && <Sheet faces={lassoed.map((i) => map.faces[i]!)} storeId={storeId} />}
      </div>
      {face === null ? (
        <p class="muted hint">
          Click a face to see its nearest neighbours, or press Tab and move with the arrow keys. The wheel
          zooms, dragging moves the map, and dragging with Shift draws a line round faces to see them all.
        </p>
      ) : (
        <Neighbours map={map} chosen={face} storeId={storeId} onChoose={setFace} />
      )}
    </div>
  );
}

/** Faces in a sheet: more would not be looked at. */
const MOST_IN_SHEET = 120;

/** The faces inside the line that was drawn. */
function Sheet({ faces, storeId }: { readonly faces: readonly MappedFace[]; readonly storeId: string }) {
  return (
    <section class="sheet" aria-label="Faces inside the line">
      <h2>{count(faces.length)} faces</h2>
      <ul>
        {faces.slice(0, MOST_IN_SHEET).map((face) => (
          <li key={face.key}>
            <img class="sheet-face" src={faceUrl(storeId, face)} alt={describeFace(face)} loading="lazy" />
          </li>
        ))}
      </ul>
    </section>
  );
}
