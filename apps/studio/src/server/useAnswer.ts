import { useEffect, useState } from "preact/hooks";
import { fetchJson } from "./fetchJson.ts";

/** The server's answer to one request: undefined until it comes, and why it did not. */
export interface Answer<T> {
  readonly value: T | undefined;
  readonly error: Error | undefined;
}

/** Asks once for each path. */
export function useAnswer<T>(path: string): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T> & { path: string }>(nothingYet(path));
  useEffect(() => {
    const controller = new AbortController();
    const take = (part: Partial<Answer<T>>) => {
      if (!controller.signal.aborted) setAnswer({ ...nothingYet(path), ...part });
    };
    fetchJson<T>(path, { signal: controller.signal }).then(
      (value) => take({ value }),
      (error: Error) => take({ error }),
    );
    return () => controller.abort();
  }, [path]);
  return answer.path === path ? answer : nothingYet(path);
}

const nothingYet = (path: string) => ({ value: undefined, error: undefined, path });
