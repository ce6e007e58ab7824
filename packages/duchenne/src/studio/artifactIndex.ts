import type { ShippedModel } from "../deploy/predict/shippedModel.ts";
import { RequestError } from "./contract/errors.ts";
import { type Findings, type Found, findAll } from "./find.ts";
import type { Stores } from "./stores.ts";

/** How long findings stay valid, milliseconds; after a slow search, this many times as long as the search took. */
const FRESH_MS = 1500;
const FRESH_TIMES = 10;

type Kind = "runs" | "stores" | "models" | "probes";
type EntryOf<K extends Kind> = Findings[K] extends ReadonlyMap<string, Found<infer T>> ? T : never;

/** Runs, stores, models and saved probes in the given folders. Searches the folders again when the findings are old. */
export class ArtifactIndex {
  #findings: Promise<Findings> | undefined;
  #freshUntil = 0;

  /** @param folders real paths   @param shipped the installed model, which is offered besides */
  constructor(
    readonly folders: readonly string[],
    readonly stores: Stores,
    readonly shipped?: ShippedModel,
  ) {}

  /** The newest findings, at most a few seconds old. */
  findings(): Promise<Findings> {
    if (this.#findings === undefined || performance.now() > this.#freshUntil) {
      // One search at a time.
      this.#freshUntil = Number.POSITIVE_INFINITY;
      this.#findings = this.#search();
    }
    return this.#findings;
  }

  async #search(): Promise<Findings> {
    const start = performance.now();
    try {
      return await findAll(this.folders, this.stores, this.shipped);
    } finally {
      const end = performance.now();
      this.#freshUntil = end + Math.max(FRESH_MS, FRESH_TIMES * (end - start));
    }
  }

  /** @throws RequestError (404) if there is none of that id in the folders */
  async get<K extends Kind>(kind: K, id: string): Promise<Found<EntryOf<K>>> {
    const found = (await this.findings())[kind].get(id);
    if (found === undefined)
      throw new RequestError(
        404,
        `expected the id of a ${kind.slice(0, -1)} in the given folders, received ${id}. Reload the page.`,
      );
    return found as Found<EntryOf<K>>;
  }
}
