import { useLayoutEffect, useMemo, useState } from "preact/hooks";

export const PAGES = ["runs", "batch", "map", "mirror", "results"] as const;
export type PageName = (typeof PAGES)[number];

/** A page and what is chosen on it, as the address has it: `#/batch?run=…`. */
export interface Route {
  readonly page: PageName;
  readonly chosen: URLSearchParams;
}

function readRoute(hash = location.hash): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  return { page: PAGES.find((name) => name === path) ?? "runs", chosen: new URLSearchParams(query) };
}

/** The last address of each page that was left: its choices are there again. */
const left = new Map<PageName, string>();

/** The address of a page as it was left. */
export const returnTo = (page: PageName): string => left.get(page) ?? hrefOf(page);

/** The address of a page. Values that are null are left out. */
export function hrefOf(page: PageName, chosen: Readonly<Record<string, string | null>> = {}): string {
  const given = Object.entries(chosen).flatMap(([key, value]) => (value === null ? [] : [[key, value]]));
  const query = new URLSearchParams(given).toString();
  return `#/${page}${query && `?${query}`}`;
}

/** Changes what is chosen on the page shown, without a step in the browser's history. */
export function choose(changes: Readonly<Record<string, string | null>>): void {
  const { page, chosen } = readRoute();
  history.replaceState(null, "", hrefOf(page, { ...Object.fromEntries(chosen), ...changes }));
  dispatchEvent(new HashChangeEvent("hashchange"));
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  // Before anybody can choose something: an effect comes after the next frame.
  useLayoutEffect(() => {
    const listen = () => {
      const now = readRoute();
      left.set(now.page, hrefOf(now.page, Object.fromEntries(now.chosen)));
      setHash(location.hash);
    };
    addEventListener("hashchange", listen);
    return () => removeEventListener("hashchange", listen);
  }, []);
  return useMemo(() => readRoute(hash), [hash]);
}
