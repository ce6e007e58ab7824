/** Properties of a video from its header, without decoding. */
export interface VideoFacts {
  /** Frames a second, on average. */
  readonly frameRateHz: number;
  /** Duration; 0 if the file does not record it. */
  readonly durationSeconds: number;
}

/** Reads the properties of a video. @throws MediaError if the file cannot be opened as video */
export async function videoFacts(path: string): Promise<VideoFacts> {
  const { VideoDecoder } = await import("./videoDecoder.ts");
  const decoder = await VideoDecoder.open(path, 1);
  const { frameSeconds, durationSeconds } = decoder.properties;
  await decoder[Symbol.asyncDispose]();
  return { frameRateHz: 1 / frameSeconds, durationSeconds };
}
