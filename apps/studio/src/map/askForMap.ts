import { type ComputeState, type FaceMap, PACKED_MAP, unpackMap } from "duchenne/studio";
import { ask } from "../server/fetchJson.ts";

/** How far a map is; one that is done comes as bytes. */
export async function askForMap(path: string, init: RequestInit): Promise<ComputeState<FaceMap>> {
  const answer = await ask(path, { ...init, headers: { accept: `${PACKED_MAP}, application/json` } });
  if (answer.headers.get("content-type") !== PACKED_MAP)
    return (await answer.json()) as ComputeState<FaceMap>;
  return { state: "done", result: unpackMap(await answer.arrayBuffer()) };
}
