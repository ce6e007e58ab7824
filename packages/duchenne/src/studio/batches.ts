import { createHash } from "node:crypto";
import type { BatchRequest, ComputedBatch } from "./compute/batch.ts";
import type { Computer } from "./compute/computer.ts";
import type { BatchViews } from "./contract/api.ts";
import { RequestError } from "./contract/errors.ts";

/** Batches whose pictures are kept, the newest. */
const MOST_KEPT = 6;

/** Batches computed, each once for as long as it is kept. */
export class Batches {
  readonly #computer: Pick<Computer, "batch">;
  readonly #kept = new Map<string, Promise<ComputedBatch>>();

  constructor(computer: Pick<Computer, "batch">) {
    this.#computer = computer;
  }

  /** @throws ComputeError if the store does not fit the run */
  async views(request: BatchRequest): Promise<BatchViews> {
    const token = createHash("sha256").update(JSON.stringify(request)).digest("base64url").slice(0, 16);
    const { views } = await this.#compute(token, request);
    const rows = views.rows.map((row) => ({
      ...row,
      pictures: row.pictures.map((pictures) =>
        pictures.map((picture) => ({ ...picture, url: `/api/batches/${token}/${picture.url}` })),
      ),
    }));
    return { ...views, rows };
  }

  /** @returns a JPEG file's bytes @throws RequestError if it is not kept */
  async picture(token: string, index: number): Promise<Uint8Array> {
    const picture = (await this.#kept.get(token))?.pictures[index];
    if (picture === undefined)
      throw new RequestError(
        404,
        "expected a picture of a recent batch, received an old one. Load the batch again.",
      );
    return picture;
  }

  #compute(token: string, request: BatchRequest): Promise<ComputedBatch> {
    const known = this.#kept.get(token);
    const batch = known ?? this.#computer.batch(request);
    this.#kept.delete(token);
    this.#kept.set(token, batch);
    if (known === undefined) batch.catch(() => this.#kept.delete(token));
    for (const oldest of [...this.#kept.keys()].slice(0, -MOST_KEPT)) this.#kept.delete(oldest);
    return batch;
  }
}
