import { byFfmpeg } from "./ffmpeg.ts";

/** Properties of a video from its header, without decoding. */
export interface VideoFacts {
  /** Frames a second, on average. */
  readonly frameRateHz: number;
  /** Duration; 0 if the file does not record it. */
  readonly durationSeconds: number;
}

/** Reads the properties of a video. @throws MediaError if the file cannot be opened as video */
export async function videoFacts(path: string): Promise<VideoFacts> {
  const read = await byFfmpeg({
    inProcess: async () => (await import("./videoDecoder.ts")).factsInProcess,
    byProgram: async () => (await import("./programVideo.ts")).videoFactsByProgram,
  });
  return await read(path);
}
