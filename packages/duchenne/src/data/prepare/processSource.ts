import { FaceError, MediaError } from "@duchenne/face";
import type { SourceProblem, StoredClip } from "../store/environment.ts";
import { encodeImage } from "../store/imageCodec.ts";
import type { NewFrame, SourceResult } from "../store/storeWriter.ts";
import type { FeatureExtractor } from "./features.ts";
import { labelsAt, type SourcePlan } from "./plan.ts";
import { type Face, readSource, type SourceSummary } from "./readSource.ts";
import type { PrepareSettings } from "./settings.ts";

/** Faces whose features are computed together; decoded crops held at once. */
const CHUNK = 32;

/** A source read to the end, and what it cost. */
export type Processed = { result: SourceResult; milliseconds: Record<string, number> };

/**
 * Reads one source from file to frames ready for the store. What cannot be read becomes the result's `problem`.
 * @param onFrames called with the number of faces since the last call
 * @throws FaceError if the face stage itself is at fault, since every other source would fail as well; the signal's reason
 */
export async function processSource(
  plan: SourcePlan,
  settings: PrepareSettings,
  extractor: FeatureExtractor,
  onFrames: (count: number) => void,
  signal?: AbortSignal,
): Promise<Processed> {
  const { frameRateHz } = settings.store;
  const kind = kindOf(plan);
  const { id, person, split } = plan;
  const about = { id, person, split, kind, frameRateHz: kind === "still" ? 0 : frameRateHz };
  const frames = new FrameCollector(plan, settings, extractor);
  try {
    const faces = readSource(plan.source, settings, signal);
    for (;;) {
      const step = await faces.next();
      if (step.done) return finish(about, frames, step.value);
      onFrames(1);
      frames.push(step.value);
    }
  } catch (error) {
    const problem: SourceProblem = { reason: "unreadable", message: readFailure(error, id) };
    return { result: { ...about, framesSampled: 0, tracks: [], skipped: {}, problem }, milliseconds: {} };
  }
}

const kindOf = ({ source }: SourcePlan): StoredClip["kind"] =>
  source.kind === "pixels" ? "still" : source.kind;

/** @throws the error itself, unless it means that this one source cannot be read */
function readFailure(error: unknown, id: string): string {
  if (error instanceof MediaError) return `${id}: expected ${error.expected}, received ${error.received}`;
  if (error instanceof FaceError && error.subject === "dlib") return `${id}: ${error.message}`;
  throw error;
}

type About = Omit<SourceResult, "framesSampled" | "tracks" | "skipped" | "problem">;

function finish(about: About, frames: FrameCollector, summary: SourceSummary): Processed {
  const tracks = frames.finish();
  const { framesSampled, skipped, damage } = summary;
  const milliseconds = { ...summary.milliseconds, ...frames.milliseconds };
  const result = { ...about, framesSampled, tracks, skipped };
  if (damage === null) return { result, milliseconds };
  const problem: SourceProblem = { reason: "damaged", message: `${about.id}: ${damage}` };
  return { result: { ...result, problem }, milliseconds };
}

/** Gathers faces by track, computing features and encoding a chunk at a time so that few decoded crops are held. */
class FrameCollector {
  readonly milliseconds = { feature: 0, encode: 0 };
  readonly #plan: SourcePlan;
  readonly #settings: PrepareSettings;
  readonly #extractor: FeatureExtractor;
  readonly #tracks = new Map<number, NewFrame[]>();
  #waiting: Face[] = [];

  constructor(plan: SourcePlan, settings: PrepareSettings, extractor: FeatureExtractor) {
    this.#plan = plan;
    this.#settings = settings;
    this.#extractor = extractor;
  }

  push(face: Face): void {
    this.#waiting.push(face);
    if (this.#waiting.length === CHUNK) this.#encode();
  }

  /** The tracks in order of appearance. */
  finish(): { frames: NewFrame[] }[] {
    this.#encode();
    return [...this.#tracks.entries()]
      .sort(([a], [b]) => a - b)
      .map(([, frames]) => this.#finishTrack(frames));
  }

  #finishTrack(frames: readonly NewFrame[]): { frames: NewFrame[] } {
    const features = frames.map(({ feature }) => feature);
    const adjusted = this.#extractor.adjustTrack(
      features,
      frames.map(({ timeSeconds }) => timeSeconds),
    );
    return { frames: frames.map((frame, i) => ({ ...frame, feature: adjusted[i]! })) };
  }

  #encode(): void {
    const { size, codec } = this.#settings.store;
    const start = performance.now();
    const images = this.#waiting.map(({ image }) => image.data);
    const points = this.#waiting.map(({ landmarks }) => landmarks);
    const features = this.#extractor.compute(images, points, size);
    const encoding = performance.now();
    this.#waiting.forEach(({ track, timeSeconds, landmarks }, i) => {
      const image = encodeImage(images[i]!, size, codec);
      const labels = labelsAt(this.#plan.labels, timeSeconds, 0.5 / this.#settings.store.frameRateHz);
      const frame = { timeSeconds, labels, landmarks, feature: features[i]!, image };
      const frames = this.#tracks.get(track);
      if (frames) frames.push(frame);
      else this.#tracks.set(track, [frame]);
    });
    this.milliseconds.feature += encoding - start;
    this.milliseconds.encode += performance.now() - encoding;
    this.#waiting = [];
  }
}
