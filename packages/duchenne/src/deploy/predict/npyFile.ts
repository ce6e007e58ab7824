import { AtomicFile } from "../../lib/files/atomicFolder.ts";

/** Bytes of the header, which is written when the number of rows is known. */
const HEADER_BYTES = 128;

/**
 * Writes a float32 matrix as NumPy's .npy, row by row.
 * @see numpy.lib.format, version 1.0
 */
export class NpyFile {
  readonly #file: AtomicFile;
  readonly #columns: number;
  #rows = 0;

  constructor(path: string, columns: number) {
    this.#file = new AtomicFile(path);
    this.#columns = columns;
    this.#file.write(new Uint8Array(HEADER_BYTES));
  }

  /** Appends a row. @param row [columns] */
  write(row: Float32Array): void {
    this.#file.write(new Uint8Array(row.buffer, row.byteOffset, row.byteLength));
    this.#rows += 1;
  }

  /** Writes the header, and puts the file in its place. */
  close(): void {
    const about = `{'descr': '<f4', 'fortran_order': False, 'shape': (${this.#rows}, ${this.#columns}), }`;
    const header = Buffer.alloc(HEADER_BYTES, " ");
    header.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    header.writeUInt16LE(HEADER_BYTES - 10, 8);
    header.write(about, 10, "latin1");
    header.write("\n", HEADER_BYTES - 1);
    this.#file.rewrite(header, 0);
    this.#file.close();
  }

  /** Removes the unfinished file. */
  abandon(): void {
    this.#file.abandon();
  }
}
