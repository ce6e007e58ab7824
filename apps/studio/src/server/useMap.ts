import type { FaceMap, MapState } from "duchenne/studio";
import { useEffect, useState } from "preact/hooks";
import { fetchJson } from "./fetchJson.ts";

const LOOK_AGAIN_MS = 400;

/** A map as it comes about. */
export interface MapOnItsWay {
  readonly map: FaceMap | undefined;
  /** What is being done and the share that is done; undefined before and after. */
  readonly progress: { readonly doing: string; readonly share: number } | undefined;
  readonly error: string | undefined;
  /** Asks for it anew after a failure. */
  readonly retry: () => void;
}

/** Has the server make the map of a run's checkpoint and a store. */
export function useMap(run: string, step: number, store: string): MapOnItsWay {
  const path = `/api/maps?${new URLSearchParams({ run, step: String(step), store })}`;
  const [tries, setTries] = useState(0);
  const [known, setKnown] = useState<{ path: string; state: MapState }>();
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    follow(path, signal, (state) => setKnown({ path, state })).catch((error: Error) => {
      if (!signal.aborted) setKnown({ path, state: { state: "failed", error: error.message } });
    });
    return () => controller.abort();
  }, [path, tries]);
  const state = known?.path === path ? known.state : undefined;
  return {
    map: state?.state === "done" ? state.map : undefined,
    progress: state?.state === "working" ? state : undefined,
    error: state?.state === "failed" ? state.error : undefined,
    retry: () => setTries(tries + 1),
  };
}

async function follow(path: string, signal: AbortSignal, onState: (state: MapState) => void): Promise<void> {
  let state = await fetchJson<MapState>(path, { method: "POST", signal });
  while (!signal.aborted) {
    onState(state);
    if (state.state !== "working") return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    state = await fetchJson<MapState>(path, { signal });
  }
}
