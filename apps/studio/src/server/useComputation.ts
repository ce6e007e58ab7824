import type { ComputeState } from "duchenne/studio";
import { useEffect, useState } from "preact/hooks";
import { fetchJson } from "./fetchJson.ts";

const LOOK_AGAIN_MS = 400;

/** A result as it comes about. */
export interface Computation<T> {
  readonly result: T | undefined;
  /** What is being done and the share that is done; undefined before and after. */
  readonly progress: { readonly doing: string; readonly share: number } | undefined;
  readonly error: string | undefined;
  /** Asks for it anew after a failure. */
  readonly retry: () => void;
}

/** Asks how far a computation is. */
export type AskState<T> = (path: string, init: RequestInit) => Promise<ComputeState<T>>;

/**
 * Has the server compute what takes a while.
 * @param path such as `/api/maps?…`; undefined if nothing is wanted   @param askState the same function at each call
 */
export function useComputation<T>(
  path: string | undefined,
  askState: AskState<T> = fetchJson,
): Computation<T> {
  const [tries, setTries] = useState(0);
  const [known, setKnown] = useState<{ path: string; state: ComputeState<T> }>();
  useEffect(() => {
    if (path === undefined) return;
    const controller = new AbortController();
    const { signal } = controller;
    follow<T>(path, askState, signal, (state) => setKnown({ path, state })).catch((error: Error) => {
      if (!signal.aborted) setKnown({ path, state: { state: "failed", error: error.message } });
    });
    return () => controller.abort();
  }, [path, tries]);
  const state = known?.path === path ? known?.state : undefined;
  return {
    result: state?.state === "done" ? state.result : undefined,
    progress: state?.state === "working" ? state : undefined,
    error: state?.state === "failed" ? state.error : undefined,
    retry: () => setTries(tries + 1),
  };
}

async function follow<T>(
  path: string,
  askState: AskState<T>,
  signal: AbortSignal,
  onState: (state: ComputeState<T>) => void,
): Promise<void> {
  let state = await askState(path, { method: "POST", signal });
  while (!signal.aborted) {
    onState(state);
    if (state.state !== "working") return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    state = await askState(path, { signal });
  }
}
