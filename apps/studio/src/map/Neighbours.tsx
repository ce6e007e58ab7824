import type { Neighbour } from "duchenne/studio";
import { useEffect, useState } from "preact/hooks";
import type { ColouredFace } from "./colouring.ts";
import { describeFace, faceUrl } from "./describeFace.ts";
import type { NamedMap } from "./Faces.tsx";

interface NeighboursProps {
  readonly maps: readonly NamedMap[];
  readonly faces: readonly ColouredFace[];
  readonly chosen: number;
  readonly storeId: string;
  readonly onChoose: (face: number | null) => void;
}

/** On narrower screens the neighbours come up from below. */
const isNarrow = (): boolean => matchMedia("(max-width: 60rem)").matches;

/** The face chosen, and those whose embeddings are most similar. */
export function Neighbours({ maps, faces, chosen, storeId, onChoose }: NeighboursProps) {
  const [isOwn, setOwn] = useState(false);
  const face = faces[chosen]!;
  // What comes up from below leaves the upper half: the map goes there, and the face is seen among its neighbours.
  useEffect(() => {
    if (isNarrow()) document.querySelector(".scatter")!.scrollIntoView({ block: "start" });
  }, []);
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
      {maps.map(({ name, map }) => (
        <Nearest
          key={name}
          title={maps.length > 1 ? name : undefined}
          neighbours={(isOwn ? map.ownNeighbours : map.neighbours)[chosen]!}
          face={face}
          faces={faces}
          storeId={storeId}
          onChoose={onChoose}
        />
      ))}
    </section>
  );
}

interface NearestProps extends Pick<NeighboursProps, "faces" | "storeId" | "onChoose"> {
  /** The checkpoint, if there are two. */
  readonly title: string | undefined;
  readonly neighbours: readonly Neighbour[];
  readonly face: ColouredFace;
}

function Nearest({ title, neighbours, face, faces, storeId, onChoose }: NearestProps) {
  return (
    <>
      {title !== undefined && <h3>{title}</h3>}
      {neighbours.length === 0 && <p class="muted">No other face of it is on the map.</p>}
      <ol>
        {neighbours.map(({ face: other, cosine }) => {
          const shown = faces[other]!;
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
    </>
  );
}
