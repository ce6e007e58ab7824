import type { Prediction } from "@duchenne/predict";
import { BoundedQueue } from "./boundedQueue.ts";
import type { FollowedFace, Recall } from "./faceFollower.ts";
import type { FoundFaces } from "./faceWorker.ts";
import { nextFrame } from "./frames.ts";
import { snapshotOf } from "./snapshot.ts";
import { type MirrorSource, sizeOf } from "./source.ts";
import type { WorkerFaces } from "./workerFaces.ts";
import type { WorkerModel } from "./workerModel.ts";

/** What is seen in one frame. */
export interface Sight {
  readonly width: number;
  readonly height: number;
  /** The largest first. */
  readonly faces: readonly SeenFace[];
  /** The frame that was looked at: what is shown beside its predictions. Whoever is given the sight closes it. */
  readonly picture: ImageBitmap;
  /** Pixels of the source in one of the frame. */
  readonly reduction: number;
  /** Time of the frame in a film; 0 for a picture. */
  readonly seconds: number;
  /** What the network saw of the largest face: [size, size, 3] RGB. */
  readonly view: Uint8Array | undefined;
  readonly speed: Speed;
}

export interface SeenFace extends FollowedFace {
  readonly prediction: Prediction;
}

/** Means over the last frames. */
export interface Speed {
  readonly framesPerSecond: number;
  /** Milliseconds a frame. */
  readonly findingMs: number;
  readonly predictingMs: number;
}

/** A film that jumps further shows other faces, seconds. */
const JUMP_SECONDS = 1;
/** What is longer is a pause between two frames, and no speed. */
const PAUSE_MS = 1000;
/** Weight of the newest frame in the means. */
const NEWEST = 0.1;
/**
 * Frames that wait for the networks that find faces. A machine that is late for a moment catches up and loses none; one that is too slow
 * leaves out the oldest. Behind them, each network has one frame, and two more wait for the model: what a machine shows that is too slow is
 * late by up to about these frames of the source and three turns of the slower network, and no more as the film goes on.
 */
const MOST_WAITING = 2;

/** A frame that was taken when it came. */
interface Grabbed {
  readonly frame: VideoFrame | ImageBitmap;
  readonly sourceWidth: number;
  readonly seconds: number;
  /** Whether no next frame is to be expected. */
  readonly isStill: boolean;
}

/** A frame whose faces were found, and that the model has not seen yet. */
type Found = FoundFaces & Pick<Grabbed, "seconds">;
/** A frame that was not shown yet. */
type Predicted = Omit<Sight, "speed">;

/** Looks at one frame after the other: finds the faces, and asks the model about them, each in its worker. */
export class Watcher {
  readonly #finder: WorkerFaces;
  readonly #model: WorkerModel;
  readonly #means = { frame: 0, finding: 0, predicting: 0 };

  constructor(finder: WorkerFaces, model: WorkerModel) {
    this.#finder = finder;
    this.#model = model;
  }

  /**
   * Predicts the faces of one frame after the other until the signal aborts; of a picture once. While the model has a frame, the faces of
   * the next one are found, and later ones wait.
   * @param onSight is called at most once in an update of the page
   * @param recall what was seen of the source before
   * @throws Error if the networks or the model fail
   */
  async predictFrames(
    source: MirrorSource,
    signal: AbortSignal,
    onSight: (sight: Sight) => void,
    recall: Recall,
  ): Promise<void> {
    const grabbed = new BoundedQueue<Grabbed>(MOST_WAITING);
    const found = new BoundedQueue<Found>(1);
    const predicted = new BoundedQueue<Predicted>(1);
    const over = new AbortController();
    const abandon = () => {
      over.abort();
      for (const { frame } of grabbed.abandon()) frame.close();
      for (const { picture } of [...found.abandon(), ...predicted.abandon()]) picture.close();
    };
    signal.addEventListener("abort", abandon);
    if (signal.aborted) abandon();
    try {
      await Promise.all([
        this.#grab(source, over.signal, grabbed),
        this.#find(grabbed, found, recall),
        this.#predict(found, predicted),
        this.#show(predicted, over.signal, onSight),
      ]);
    } finally {
      abandon();
      signal.removeEventListener("abort", abandon);
    }
  }

  /** Takes every frame at once: the film goes on meanwhile. */
  async #grab(source: MirrorSource, signal: AbortSignal, grabbed: BoundedQueue<Grabbed>): Promise<void> {
    const { element } = source;
    do {
      const seconds = await nextFrame(source, signal);
      if (signal.aborted) break;
      const frame = await snapshotOf(source);
      const isStill = element instanceof HTMLImageElement || element.paused;
      grabbed.push({ frame, sourceWidth: sizeOf(source).width, seconds, isStill })?.frame.close();
    } while (source.kind !== "image" && !signal.aborted);
    grabbed.close();
  }

  async #find(grabbed: BoundedQueue<Grabbed>, found: BoundedQueue<Found>, recall: Recall): Promise<void> {
    let before: number | undefined;
    for (let one = await grabbed.take(); one; one = await grabbed.take()) {
      const { seconds, ...frame } = one;
      const isNear = before !== undefined && Math.abs(seconds - before) <= JUMP_SECONDS;
      const follows = before === undefined ? "source" : isNear ? "frame" : "jump";
      before = seconds;
      const start = performance.now();
      const known = isNear ? [] : recall.near(seconds);
      const faces = await this.#finder.find({ ...frame, follows, known, nextId: recall.nextId });
      this.#count("finding", performance.now() - start);
      if (!(await found.put({ ...faces, seconds }))) faces.picture.close();
    }
    found.close();
  }

  async #predict(found: BoundedQueue<Found>, predicted: BoundedQueue<Predicted>): Promise<void> {
    for (let one = await found.take(); one; one = await found.take()) {
      const { picture } = one;
      const sight = await this.#predictFaces(one).catch((error: Error) => {
        picture.close();
        throw error;
      });
      if (!(await predicted.put(sight))) sight.picture.close();
    }
    predicted.close();
  }

  async #predictFaces({ pixels, followed, ...frame }: Found): Promise<Predicted> {
    if (pixels === undefined) return { ...frame, faces: [], view: undefined };
    const start = performance.now();
    const landmarks = followed.map((face) => face.landmarks);
    const { predictions, view } = await this.#model.predict(pixels, landmarks);
    this.#count("predicting", performance.now() - start);
    return { ...frame, faces: followed.map((face, i) => ({ ...face, prediction: predictions[i]! })), view };
  }

  /** One sight in an update of the page: two in one would cost the first its place on the screen. */
  async #show(
    predicted: BoundedQueue<Predicted>,
    signal: AbortSignal,
    onSight: (sight: Sight) => void,
  ): Promise<void> {
    let before = performance.now();
    for (let one = await predicted.take(); one; one = await predicted.take()) {
      await nextUpdate(signal);
      if (signal.aborted) one.picture.close();
      else {
        const now = performance.now();
        if (now - before < PAUSE_MS) this.#count("frame", now - before);
        before = now;
        onSight({ ...one, speed: this.#speed });
      }
    }
  }

  get #speed(): Speed {
    const { frame, finding, predicting } = this.#means;
    return { framesPerSecond: frame === 0 ? 0 : 1000 / frame, findingMs: finding, predictingMs: predicting };
  }

  #count(name: "frame" | "finding" | "predicting", milliseconds: number): void {
    const before = this.#means[name];
    this.#means[name] = before === 0 ? milliseconds : before + NEWEST * (milliseconds - before);
  }
}

/** Resolves when the page is about to be painted, or at the abort: a page that nobody sees is not painted, and waiting for that alone would not end. */
function nextUpdate(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const handle = requestAnimationFrame(() => end());
    const end = () => {
      cancelAnimationFrame(handle);
      signal.removeEventListener("abort", end);
      resolve();
    };
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
