import { count } from "../format.ts";
import type { ColouredFace } from "./colouring.ts";
import { describeFace, faceUrl } from "./describeFace.ts";

/** Faces in a sheet: more would not be looked at. */
const MOST_IN_SHEET = 120;

/** The faces inside the line that was drawn. */
export function Sheet({
  faces,
  storeId,
}: {
  readonly faces: readonly ColouredFace[];
  readonly storeId: string;
}) {
  return (
    <section class="sheet" aria-label="Faces inside the line">
      <h2>{count(faces.length)} faces</h2>
      {faces.length > MOST_IN_SHEET && <p class="muted">The first {MOST_IN_SHEET} of them:</p>}
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
