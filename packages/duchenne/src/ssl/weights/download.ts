import { type FileHandle, open, stat } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { Agent, type Dispatcher, EnvHttpProxyAgent, fetch, type Response } from "undici";
import { DownloadError } from "./errors.ts";

/** How much of a download has arrived. */
export interface DownloadProgress {
  readonly bytes: number;
  /** Undefined where the server does not say. */
  readonly totalBytes: number | undefined;
}

export interface DownloadOptions {
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly signal?: AbortSignal;
}

const ATTEMPTS = 3;
const PAUSE_MS = 300;
/** A server that is silent for so long is taken for gone. */
const SILENCE_MS = 30_000;
const OK = 200;
const PARTIAL = 206;
const RANGE_NOT_SATISFIABLE = 416;
const SERVER_ERROR = 500;

/** Settled by the server: asking again gives the same answer. */
class Refusal extends Error {}

/**
 * Downloads into `part`, after what it already holds where the server can send the rest alone. A dropped connection is
 * taken up again, three attempts in all. HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured.
 * @param file named in errors as the place to put the file by hand
 * @throws DownloadError; `part` then holds what came
 */
export async function downloadTo(
  url: string,
  part: string,
  file: string,
  options: DownloadOptions = {},
): Promise<void> {
  const dispatcher = makeDispatcher();
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        return await fetchRest(url, part, dispatcher, options);
      } catch (error) {
        options.signal?.throwIfAborted();
        if (attempt === ATTEMPTS || error instanceof Refusal)
          throw new DownloadError(url, file, reasonOf(error), { cause: error });
        await pause(PAUSE_MS * attempt);
      }
    }
  } finally {
    await dispatcher.destroy();
  }
}

function makeDispatcher(): Dispatcher {
  const timeouts = { headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS, connectTimeout: SILENCE_MS };
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY } = process.env;
  // The proxy agent prints a warning on standard error: it is made only if a proxy is set.
  const proxied = http_proxy || HTTP_PROXY || https_proxy || HTTPS_PROXY;
  return proxied ? new EnvHttpProxyAgent(timeouts) : new Agent(timeouts);
}

/** The reason beneath fetch's own "fetch failed". */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  if (!(cause instanceof Error)) return message;
  return cause.message || (cause as NodeJS.ErrnoException).code || message;
}

async function fetchRest(
  url: string,
  part: string,
  dispatcher: Dispatcher,
  options: DownloadOptions,
): Promise<void> {
  const had = (await stat(part).catch(() => undefined))?.size ?? 0;
  const response = await ask(url, had, dispatcher, options.signal);
  // What is there is as long as the file, or longer: its hash will tell.
  if (response.status === RANGE_NOT_SATISFIABLE && had > 0) return;
  if (response.status !== OK && response.status !== PARTIAL) await refuse(response);
  const start = startOf(response, had);
  const handle = await open(part, start === 0 ? "w" : "a");
  try {
    await append(response, handle, start, options);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ask(url: string, from: number, dispatcher: Dispatcher, signal?: AbortSignal): Promise<Response> {
  return fetch(url, {
    dispatcher,
    ...(signal ? { signal } : {}),
    // A compressed answer would be cut by other bytes than the file's.
    headers: { "accept-encoding": "identity", ...(from > 0 ? { range: `bytes=${from}-` } : {}) },
  });
}

async function refuse(response: Response): Promise<never> {
  await response.body?.cancel();
  const answer = `the server answered ${response.status} ${response.statusText}`.trim();
  throw response.status < SERVER_ERROR ? new Refusal(answer) : new Error(answer);
}

/** Where in the file the answer starts: servers may send it whole instead of the rest. */
function startOf(response: Response, asked: number): number {
  if (response.status === OK) return 0;
  const start = Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1]);
  if (start === asked) return start;
  throw new Refusal(
    `asked for the bytes from ${asked}, the server sent "${response.headers.get("content-range")}"`,
  );
}

async function append(
  response: Response,
  handle: FileHandle,
  start: number,
  { onProgress }: DownloadOptions,
): Promise<void> {
  const length = response.headers.get("content-length");
  const totalBytes = length === null ? undefined : start + Number(length);
  let bytes = start;
  for await (const chunk of response.body ?? []) {
    await handle.appendFile(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).byteLength;
    onProgress?.({ bytes, totalBytes });
  }
  if (totalBytes !== undefined && bytes !== totalBytes)
    throw new Error(`the connection ended after ${bytes} of ${totalBytes} bytes`);
}
