import { RequestError } from "./errors.ts";
import { type Findings, type Found, findAll } from "./find.ts";
import type { Stores } from "./stores.ts";

/** How long what was found is taken for true, milliseconds. */
const FRESH_MS = 1500;

type Kind = "runs" | "stores" | "models";
type EntryOf<K extends Kind> = Findings[K] extends ReadonlyMap<string, Found<infer T>> ? T : never;

/** What lies in the folders, looked through again when it is asked for and some time has passed. */
export class Shelf {
  #findings: Promise<Findings> | undefined;
  #foundAt = 0;

  /** @param folders real paths */
  constructor(
    readonly folders: readonly string[],
    readonly stores: Stores,
  ) {}

  findings(): Promise<Findings> {
    const now = performance.now();
    if (this.#findings === undefined || now - this.#foundAt > FRESH_MS) {
      this.#foundAt = now;
      this.#findings = findAll(this.folders, this.stores);
    }
    return this.#findings;
  }

  /** @throws RequestError (404) if there is none of that id in the folders */
  async get<K extends Kind>(kind: K, id: string): Promise<Found<EntryOf<K>>> {
    const found = (await this.findings())[kind].get(id);
    if (found === undefined)
      throw new RequestError(404, `there is no such ${kind.slice(0, -1)} in the folders given`);
    return found as Found<EntryOf<K>>;
  }
}
