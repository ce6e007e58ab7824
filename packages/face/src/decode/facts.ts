/** What a video says of itself before anything is decoded. */
export interface VideoFacts {
  /** Frames a second, on average. */
  readonly frameRateHz: number;
  /** 0 where the file does not say. */
  readonly durationSeconds: number;
}

/** @throws MediaError if the file cannot be opened as video */
export async function videoFacts(path: string): Promise<VideoFacts> {
  const { VideoDecoder } = await import("./videoDecoder.ts");
  const decoder = await VideoDecoder.open(path, 1);
  const { frameSeconds, durationSeconds } = decoder.properties;
  await decoder[Symbol.asyncDispose]();
  return { frameRateHz: 1 / frameSeconds, durationSeconds };
}
