import { RequestError } from "./contract/errors.ts";
import { type Findings, type Found, findAll } from "./find.ts";
import type { Stores } from "./stores.ts";

/** How long what was found is taken for true, milliseconds; where looking takes long, so many times as long. */
const FRESH_MS = 1500;
const FRESH_TIMES = 10;

type Kind = "runs" | "stores" | "models";
type EntryOf<K extends Kind> = Findings[K] extends ReadonlyMap<string, Found<infer T>> ? T : never;

/** What lies in the folders, looked through again when it is asked for and some time has passed. */
export class Shelf {
  #findings: Promise<Findings> | undefined;
  #freshUntil = 0;

  /** @param folders real paths */
  constructor(
    readonly folders: readonly string[],
    readonly stores: Stores,
  ) {}

  findings(): Promise<Findings> {
    if (this.#findings === undefined || performance.now() > this.#freshUntil) {
      // Nobody looks twice at the same time.
      this.#freshUntil = Number.POSITIVE_INFINITY;
      this.#findings = this.#look();
    }
    return this.#findings;
  }

  async #look(): Promise<Findings> {
    const start = performance.now();
    try {
      return await findAll(this.folders, this.stores);
    } finally {
      const end = performance.now();
      this.#freshUntil = end + Math.max(FRESH_MS, FRESH_TIMES * (end - start));
    }
  }

  /** @throws RequestError (404) if there is none of that id in the folders */
  async get<K extends Kind>(kind: K, id: string): Promise<Found<EntryOf<K>>> {
    const found = (await this.findings())[kind].get(id);
    if (found === undefined)
      throw new RequestError(404, `there is no such ${kind.slice(0, -1)} in the folders given`);
    return found as Found<EntryOf<K>>;
  }
}
