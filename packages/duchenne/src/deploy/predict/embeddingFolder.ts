/** A folder of embeddings: embeddings.npy [faces, d] and, in the same order, faces.csv with the file, frame and box of each face. */
import { join, resolve } from "node:path";
import { ConfigError, setting } from "../../lib/errors.ts";
import { AtomicFolder } from "../../lib/files/atomicFolder.ts";
import { findForeignFile } from "../../lib/files/foreignFiles.ts";
import { NpyFile } from "./npyFile.ts";
import type { PredictedFrame } from "./predictFrames.ts";
import { fileSink, RowWriter } from "./rowSink.ts";
import { columnsOf, rowsOf } from "./rows.ts";

const MATRIX = "embeddings.npy";
const TABLE = "faces.csv";

/** Writes a folder of embeddings, which appears when it is complete. */
export class EmbeddingFolder {
  readonly #folder: AtomicFolder;
  readonly #matrix: NpyFile;
  readonly #table: RowWriter;

  /**
   * @param out new folder, or one of embeddings, which is replaced   @param size numbers in an embedding
   * @throws ConfigError if the folder holds anything else, or cannot be written
   */
  constructor(out: string, size: number) {
    const path = resolve(out);
    refuseToReplace(path);
    try {
      this.#folder = new AtomicFolder(path);
    } catch (error) {
      const received = `${path} (${(error as Error).message})`;
      throw new ConfigError(
        setting("out"),
        "a folder that can be written",
        received,
        "Choose another folder.",
      );
    }
    this.#matrix = new NpyFile(join(this.#folder.temporary, MATRIX), size);
    this.#table = new RowWriter(fileSink(join(this.#folder.temporary, TABLE)), "csv", columnsOf([], false));
  }

  /** Appends the faces of a frame. @param path of the input */
  async add(path: string, frame: PredictedFrame): Promise<void> {
    for (const { prediction } of frame.faces) this.#matrix.write(prediction.embedding);
    await this.#table.write(rowsOf(path, frame));
  }

  /** Puts the folder in its place. */
  async commit(): Promise<void> {
    this.#matrix.close();
    await this.#table.close();
    this.#folder.commit();
  }

  /** Removes the unfinished folder. */
  abandon(): void {
    this.#matrix.abandon();
    this.#table.abandon();
    this.#folder.abandon();
  }
}

function refuseToReplace(path: string): void {
  const foreign = findForeignFile(path, [MATRIX, TABLE]);
  if (foreign === undefined) return;
  const expected = "a new folder, or one that holds only embeddings";
  throw new ConfigError(
    setting("out"),
    expected,
    `${path}, which holds ${foreign}`,
    "Choose another folder.",
  );
}
