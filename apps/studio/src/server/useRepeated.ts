import { useEffect, useState } from "preact/hooks";

/** What came of work that goes on: the newest answer, and why the last one failed. */
export interface Repeated<T> {
  readonly value: T | undefined;
  readonly error: Error | undefined;
}

/**
 * Does something now and then, while the page is looked at.
 * @param work given the answer before; not called again before it is done
 * @param pauseMs between answers; null: once
 * @param key what it depends on: another one starts anew
 */
export function useRepeated<T>(
  work: (before: T | undefined, signal: AbortSignal) => Promise<T>,
  pauseMs: (value: T) => number | null,
  key: string,
): Repeated<T> {
  const [state, setState] = useState<Repeated<T> & { key: string }>({
    value: undefined,
    error: undefined,
    key,
  });
  useEffect(() => {
    const controller = new AbortController();
    void repeat(work, pauseMs, controller.signal, (repeated) => setState({ ...repeated, key }));
    return () => controller.abort();
  }, [key]);
  return state.key === key ? state : { value: undefined, error: undefined };
}

const AFTER_FAILURE_MS = 3000;

async function repeat<T>(
  work: (before: T | undefined, signal: AbortSignal) => Promise<T>,
  pauseMs: (value: T) => number | null,
  signal: AbortSignal,
  onAnswer: (repeated: Repeated<T>) => void,
): Promise<void> {
  let value: T | undefined;
  while (!signal.aborted) {
    let pause: number | null = AFTER_FAILURE_MS;
    try {
      value = await work(value, signal);
      if (signal.aborted) return;
      onAnswer({ value, error: undefined });
      pause = pauseMs(value);
    } catch (error) {
      if (signal.aborted) return;
      onAnswer({ value, error: error as Error });
    }
    if (pause === null) return;
    await wait(pause, signal);
  }
}

/** Also waits until the page is looked at. */
function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      if (document.visibilityState === "hidden" && !signal.aborted) return;
      document.removeEventListener("visibilitychange", finish);
      resolve();
    };
    signal.addEventListener("abort", finish, { once: true });
    setTimeout(() => {
      document.addEventListener("visibilitychange", finish);
      finish();
    }, milliseconds);
  });
}
