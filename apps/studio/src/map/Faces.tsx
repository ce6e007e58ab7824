import type { FaceMap } from "duchenne/studio";
import { useCallback, useMemo, useState } from "preact/hooks";
import { choose, useRoute } from "../shell/route.ts";
import { colourOf, useTheme } from "../shell/theme.ts";
import { type ColouredFace, type ColouringId, colourBy } from "./colouring.ts";
import { Legend } from "./Legend.tsx";
import { Neighbours } from "./Neighbours.tsx";
import { Scatter } from "./Scatter.tsx";
import { Sheet } from "./Sheet.tsx";

/** A map and the checkpoint that it is of. */
export interface NamedMap {
  readonly name: string;
  readonly map: FaceMap;
}

interface FacesProps {
  /** One, or two of the same faces in the same order. */
  readonly maps: readonly NamedMap[];
  /** Of each map, with what a probe says of them. */
  readonly faces: readonly ColouredFace[];
  readonly by: ColouringId;
  readonly storeId: string;
}

/** One map or two, side by side: what is chosen, pointed at or left out in one is so in the other. */
export function Faces({ maps, faces, by, storeId }: FacesProps) {
  const [face, setFace] = useState<number | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const { chosen } = useRoute();
  const [lassoed, setLassoed] = useState<readonly number[]>([]);
  const without = chosen.get("without");
  const leftOut = useMemo(() => new Set(without?.split(",").filter(Boolean)), [without]);
  const person = (chosen.get("person") ?? "").toLowerCase();
  const isPale = useMemo(
    () =>
      faces.map(
        (one) =>
          leftOut.has(String(one[by])) ||
          (person !== "" && !(one.person ?? "").toLowerCase().includes(person)),
      ),
    [faces, leftOut, person, by],
  );
  const toggle = (name: string) => {
    const names = leftOut.has(name) ? [...leftOut].filter((one) => one !== name) : [...leftOut, name];
    choose({ without: names.join() || null });
  };
  const theme = useTheme();
  const colouring = useMemo(() => colourBy(faces, by, colourOf), [faces, by, theme]);
  const near = useMemo(
    () => maps.map(({ map }) => (face === null ? [] : map.neighbours[face]!.map((one) => one.face))),
    [maps[0]?.map, maps[1]?.map, face],
  );
  const choosePerson = useCallback((name: string) => choose({ person: name || null }), []);
  return (
    <div class="map">
      <div class="map-main">
        <div class={maps.length > 1 ? "map-pair" : undefined}>
          {maps.map(({ name, map }, i) => (
            <figure key={name} class="map-figure">
              {maps.length > 1 && <figcaption>{name}</figcaption>}
              <Scatter
                name={maps.length > 1 ? name : undefined}
                places={map.faces}
                faces={faces}
                colours={colouring.colours}
                isPale={isPale}
                chosen={face}
                hovered={hovered}
                near={near[i]!}
                storeId={storeId}
                onChoose={setFace}
                onHover={setHovered}
                onLasso={setLassoed}
              />
            </figure>
          ))}
        </div>
        <label class="field person">
          Person
          <input
            class="text"
            type="search"
            value={person}
            onInput={({ currentTarget }) => choosePerson(currentTarget.value)}
          />
        </label>
        <Legend legend={colouring.legend} leftOut={leftOut} onToggle={toggle} />
        {lassoed.length > 0 && <Sheet faces={lassoed.map((i) => faces[i]!)} storeId={storeId} />}
      </div>
      {face === null ? (
        <p class="muted hint">
          Click a face to see its nearest neighbours, or press Tab and move with the arrow keys. The wheel
          zooms, dragging moves the map, and dragging with Shift draws a line round faces to see them all.
        </p>
      ) : (
        <Neighbours maps={maps} faces={faces} chosen={face} storeId={storeId} onChoose={setFace} />
      )}
    </div>
  );
}
