import { type FrameStream, MediaError } from "@duchenne/face";

/** Format of raw frames: 8-bit RGB, row by row, without headers, as ffmpeg's rawvideo writes them. */
export interface RawFormat {
  readonly width: number;
  readonly height: number;
  readonly frameRateHz: number;
}

const LARGEST_SIDE = 16_384;

/** Parses "640x480@30": width, height and frames per second. @returns undefined for any other text */
export function parseRawFormat(text: string): RawFormat | undefined {
  const [, width, height, rate] = /^(\d+)x(\d+)@(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const format = { width: Number(width), height: Number(height), frameRateHz: Number(rate) };
  const isSide = (side: number) => side >= 1 && side <= LARGEST_SIDE;
  return isSide(format.width) && isSide(format.height) && format.frameRateHz > 0 ? format : undefined;
}

/** What bytes come from: a stream of Node. */
export interface Pipe {
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array>;
  destroy(reason?: Error): unknown;
}

/**
 * Reads frames from a pipe, one at a time, and closes the pipe at the end.
 * @throws MediaError if the pipe ends within a frame; the signal's reason, even while the pipe sends nothing
 */
export async function* readRawFrames(
  pipe: Pipe,
  { width, height, frameRateHz }: RawFormat,
  signal?: AbortSignal,
): FrameStream {
  const bytes = width * height * 3;
  let [data, filled, index] = [new Uint8Array(bytes), 0, 0];
  // Ctrl-C works even if the camera sends nothing.
  const stop = () => pipe.destroy(signal!.reason);
  signal?.addEventListener("abort", stop);
  try {
    signal?.throwIfAborted();
    for await (const chunk of pipe) {
      for (let from = 0; from < chunk.length; ) {
        const part = chunk.subarray(from, from + bytes - filled);
        data.set(part, filled);
        from += part.length;
        filled += part.length;
        if (filled < bytes) continue;
        yield { width, height, data, index, timeSeconds: index / frameRateHz, reduction: 1 };
        [data, filled, index] = [new Uint8Array(bytes), 0, index + 1];
      }
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    pipe.destroy();
  }
  if (filled > 0)
    throw new MediaError("-", `whole frames of ${bytes} bytes`, `${filled} bytes of the last frame`);
  return null;
}
