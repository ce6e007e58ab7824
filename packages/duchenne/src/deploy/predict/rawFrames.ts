import type { Readable } from "node:stream";
import { type FrameStream, MediaError } from "@duchenne/face";

/** Frames as a camera's driver or another program writes them: 8-bit RGB, row by row, without anything between. */
export interface RawFormat {
  readonly width: number;
  readonly height: number;
  readonly frameRateHz: number;
}

const LARGEST_SIDE = 16_384;

/** Reads "640x480@30". @returns undefined for anything else */
export function parseRawFormat(text: string): RawFormat | undefined {
  const [, width, height, rate] = /^(\d+)x(\d+)@(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const format = { width: Number(width), height: Number(height), frameRateHz: Number(rate) };
  const isSide = (side: number) => side >= 1 && side <= LARGEST_SIDE;
  return isSide(format.width) && isSide(format.height) && format.frameRateHz > 0 ? format : undefined;
}

/**
 * Frames from a pipe; as many bytes as one frame has are kept. The pipe is closed when this ends.
 * @throws MediaError if the pipe ends within a frame; the signal's reason, also while nothing comes
 */
export async function* readRawFrames(
  pipe: Readable,
  { width, height, frameRateHz }: RawFormat,
  signal?: AbortSignal,
): FrameStream {
  const bytes = width * height * 3;
  let [data, filled, index] = [new Uint8Array(bytes), 0, 0];
  // A camera that sends nothing must not keep Ctrl-C waiting.
  const stop = () => pipe.destroy(signal!.reason);
  signal?.addEventListener("abort", stop);
  try {
    signal?.throwIfAborted();
    for await (const chunk of pipe as AsyncIterable<Buffer>) {
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
    throw new MediaError("-", `whole frames of ${bytes} bytes`, `${filled} bytes of a last one`);
  return null;
}
