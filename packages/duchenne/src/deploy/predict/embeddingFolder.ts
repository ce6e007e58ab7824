/** Embeddings with where they come from: embeddings.npy [faces, d] and, in the same order, faces.csv. */
import { join, resolve } from "node:path";
import { ConfigError } from "../../lib/errors.ts";
import { AtomicFolder } from "../../lib/files/atomicFolder.ts";
import { findForeignFile } from "../../lib/files/foreignFiles.ts";
import { NpyFile } from "./npyFile.ts";
import type { PredictedFrame } from "./predictFrames.ts";
import { fileSink, RowWriter } from "./rowSink.ts";
import { columnsOf, rowsOf } from "./rows.ts";

const MATRIX = "embeddings.npy";
const TABLE = "faces.csv";

/** A folder that appears once it is whole. */
export class EmbeddingFolder {
  readonly #folder: AtomicFolder;
  readonly #matrix: NpyFile;
  readonly #table: RowWriter;

  /**
   * @param out not there yet, or such a folder, which is then replaced   @param size numbers in an embedding
   * @throws ConfigError if something else is there, or nothing can be written
   */
  constructor(out: string, size: number) {
    const path = resolve(out);
    refuseToReplace(path);
    try {
      this.#folder = new AtomicFolder(path);
    } catch (error) {
      throw new ConfigError("--out", "a folder that can be written", `${path} (${(error as Error).message})`);
    }
    this.#matrix = new NpyFile(join(this.#folder.temporary, MATRIX), size);
    this.#table = new RowWriter(fileSink(join(this.#folder.temporary, TABLE)), "csv", columnsOf([], false));
  }

  async add(path: string, seen: PredictedFrame): Promise<void> {
    for (const { prediction } of seen.faces) this.#matrix.write(prediction.embedding);
    await this.#table.write(rowsOf(path, seen));
  }

  async commit(): Promise<void> {
    this.#matrix.close();
    await this.#table.close();
    this.#folder.commit();
  }

  abandon(): void {
    this.#matrix.abandon();
    this.#table.abandon();
    this.#folder.abandon();
  }
}

function refuseToReplace(path: string): void {
  const stranger = findForeignFile(path, [MATRIX, TABLE]);
  if (stranger === undefined) return;
  const expected = "a folder that is not there yet, or holds embeddings";
  throw new ConfigError("--out", expected, `${path}, where ${stranger} would be lost`);
}
