import { storeFile } from "../data/store/environment.ts";
import { encodeImage } from "../data/store/imageCodec.ts";
import { FrameStore, StoreError } from "../data/store/index.ts";
import type { StoreEntry } from "./contract/api.ts";
import { RequestError } from "./contract/errors.ts";
import { versionOf } from "./versionOf.ts";

/** LMDB takes a key modulo this and one, and would show another frame. */
const LARGEST_KEY = 2 ** 32 - 1;

type Opened =
  | { readonly version: string; readonly store: FrameStore }
  | { readonly version: string; readonly error: Error };

/** Stores, which stay open: opening one for each face would take longer than reading it. */
export class Stores {
  readonly #opened = new Map<string, Opened>();

  /** What a store holds. @throws StoreError if it cannot be read */
  async describe(path: string): Promise<Omit<StoreEntry, "id" | "name">> {
    const { counts, options } = (await this.#open(path)).manifest;
    const { persons: people, tracks: clips, frames } = counts;
    return { people, clips, frames, size: options.size };
  }

  /**
   * @param path a store's folder @returns a JPEG file's bytes
   * @throws RequestError if there is no such frame, or the store was removed
   */
  async face(path: string, key: number): Promise<Uint8Array> {
    if (key > LARGEST_KEY)
      throw new RequestError(404, `${path}: expected the key of a frame, received ${key}. Reload the page.`);
    try {
      const store = await this.#open(path);
      return encodeImage(store.readFrames([key]), store.manifest.options.size, "jpeg");
    } catch (error) {
      if (error instanceof StoreError) throw new RequestError(404, error.message);
      throw error;
    }
  }

  async close(): Promise<void> {
    for (const opened of this.#opened.values()) if ("store" in opened) await opened.store.close();
    this.#opened.clear();
  }

  /** A store that was rewritten is opened anew: somebody may have been taken out of it. */
  async #open(path: string): Promise<FrameStore> {
    const version = versionOf(storeFile(path));
    let opened = this.#opened.get(path);
    if (opened?.version !== version) {
      this.#opened.delete(path);
      if (opened && "store" in opened) await opened.store.close();
      opened = openStore(path, version);
      this.#opened.set(path, opened);
    }
    if ("error" in opened) throw opened.error;
    return opened.store;
  }
}

function openStore(path: string, version: string): Opened {
  try {
    return { version, store: FrameStore.open(path) };
  } catch (error) {
    return { version, error: error as Error };
  }
}
