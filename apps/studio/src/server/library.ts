import type { Library } from "duchenne/studio";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { fetchJson } from "./fetchJson.ts";
import { type Repeated, useRepeated } from "./useRepeated.ts";

const LOOK_AGAIN_MS = 3000;

/** What lies in the folders, looked at again every few seconds. */
export function useLibraryFromServer(): Repeated<Library> {
  return useRepeated(
    (_, signal) => fetchJson<Library>("/api/library", { signal }),
    () => LOOK_AGAIN_MS,
    "library",
  );
}

/** Before the first answer. */
export const NOTHING_YET: Library = {
  folders: [],
  runs: [],
  stores: [],
  models: [],
  probes: [],
  problems: [],
};

export const LibraryContext = createContext(NOTHING_YET);

export const useLibrary = (): Library => useContext(LibraryContext);
