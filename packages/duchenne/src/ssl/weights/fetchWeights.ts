import { createHash } from "node:crypto";
import { createReadStream, existsSync, renameSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { makeFolder } from "../../lib/files/makeFolder.ts";
import type { DownloadProgress } from "./download.ts";
import { HashError } from "./errors.ts";
import { defaultCache, hashDigits, WEIGHT_FILES, WEIGHTS_URL, type WeightsName } from "./files.ts";

/** Options of `fetchWeights`. */
export interface FetchOptions {
  /** Folder the files are kept in. Default: `duchenne` in the user's cache folder. */
  readonly cache?: string;
  /** Address the file name is appended to. Default: torchvision's. */
  readonly baseUrl?: string;
  /** Called as bytes arrive. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
}

/**
 * Fetches a network's ImageNet weights into the cache, unless they are there.
 * @returns the file's path
 * @throws as `fetchHashedFile`
 */
export function fetchWeights(name: WeightsName, options?: FetchOptions): Promise<string> {
  return fetchHashedFile(WEIGHT_FILES[name], options);
}

/**
 * Fetches a file into the cache, unless it is there; an interrupted download continues where it stopped. The file appears
 * under its name only when its SHA-256 begins with the digits in it.
 * @param fileName as in torch.hub: ends in `-<hash digits>.<suffix>`
 * @returns the file's path
 * @throws DownloadError if it cannot be fetched; HashError if the bytes are other ones; DOMException when aborted
 */
export async function fetchHashedFile(fileName: string, options: FetchOptions = {}): Promise<string> {
  const { cache = defaultCache(), baseUrl = WEIGHTS_URL } = options;
  const digits = hashDigits(fileName);
  const file = resolve(cache, fileName);
  if (existsSync(file)) {
    await checkHash(file, digits, () => "Delete it, then run the same command again.");
    return file;
  }
  makeFolder(cache);
  const part = `${file}.part`;
  const url = new URL(fileName, baseUrl.endsWith("/") ? baseUrl : `${baseUrl}/`).href;
  // Its HTTP client reserves gigabytes of address space for WebAssembly, which `ulimit -v` may refuse.
  const { downloadTo } = await import("./download.ts");
  await downloadTo(url, part, file, options);
  await checkHash(part, digits, () => {
    rmSync(part);
    return `It came from ${url} and was deleted; run the same command again, or try another \`url\`.`;
  });
  renameSync(part, file);
  return file;
}

async function checkHash(file: string, expected: string, onMismatch: () => string): Promise<void> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
  const received = hash.digest("hex").slice(0, expected.length);
  if (received !== expected) throw new HashError(file, expected, received, onMismatch());
}
