import type { FaceMap } from "duchenne/studio";
import { useState } from "preact/hooks";
import { describeFace, faceUrl } from "./describeFace.ts";

interface NeighboursProps {
  readonly map: FaceMap;
  readonly chosen: number;
  readonly storeId: string;
  readonly onChoose: (face: number | null) => void;
}

/** The face chosen, and those whose embeddings are most similar. */
export function Neighbours({ map, chosen, storeId, onChoose }: NeighboursProps) {
  const [isOwn, setOwn] = useState(false);
  const face = map.faces[chosen]!;
  const neighbours = (isOwn ? map.ownNeighbours : map.neighbours)[chosen]!;
  return (
    <section class="neighbours" aria-label="Nearest neighbours" aria-live="polite">
      <figure class="chosen">
        <img src={faceUrl(storeId, face)} alt={describeFace(face)} />
        <figcaption>
          <strong>{face.person ?? face.clip}</strong>
          <span class="muted">{describeFace({ ...face, person: face.clip })}</span>
          <button type="button" class="button" onClick={() => onChoose(null)}>
            Let go
          </button>
        </figcaption>
      </figure>
      <header class="bar">
        <h2>Nearest</h2>
        <label class="check">
          <input type="checkbox" checked={isOwn} onChange={() => setOwn(!isOwn)} />
          in the same clip
        </label>
      </header>
      {neighbours.length === 0 && <p class="muted">No other face of it is on the map.</p>}
      <ol>
        {neighbours.map(({ face: other, cosine }) => {
          const shown = map.faces[other]!;
          const isSame = face.expression !== null && shown.expression === face.expression;
          return (
            <li key={shown.key}>
              <button type="button" onClick={() => onChoose(other)}>
                <img src={faceUrl(storeId, shown)} alt={describeFace(shown)} />
                <span class={isSame ? "same" : undefined}>{shown.expression ?? shown.person ?? "–"}</span>
                <span class="muted">{cosine.toFixed(2)}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
