import type { MappedFace } from "duchenne/studio";
import type { ColouredFace } from "./colouring.ts";

export const faceUrl = (storeId: string, { key }: MappedFace): string =>
  `/api/stores/${storeId}/frames/${key}`;

/** "actor0003, happy, at 2.4 s" as far as it is known. */
export function describeFace({ person, clip, expression, predicted, timeSeconds }: ColouredFace): string {
  const said = predicted != null && `predicted ${predicted}`;
  return [person ?? clip, expression, said, `at ${timeSeconds.toFixed(1)} s`].filter(Boolean).join(", ");
}
