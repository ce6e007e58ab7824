import type { MappedFace } from "duchenne/studio";

export const faceUrl = (storeId: string, { key }: MappedFace): string =>
  `/api/stores/${storeId}/frames/${key}`;

/** "actor0003, happy, at 2.4 s" as far as it is known. */
export function describeFace({ person, clip, expression, timeSeconds }: MappedFace): string {
  return [person ?? clip, expression, `at ${timeSeconds.toFixed(1)} s`].filter(Boolean).join(", ");
}
