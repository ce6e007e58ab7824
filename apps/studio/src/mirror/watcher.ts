import type { Prediction } from "@duchenne/predict";
import { scaledBox } from "./boxes.ts";
import { FaceFollower, type FollowedFace, type KnownFace } from "./faceFollower.ts";
import type { FaceNetworks } from "./faceNetworks.ts";
import { nextFrame } from "./frames.ts";
import { type MirrorSource, sizeOf } from "./source.ts";
import type { WorkerModel } from "./workerModel.ts";

/** What is seen in one frame. */
export interface Sight {
  readonly width: number;
  readonly height: number;
  /** The largest first. */
  readonly faces: readonly SeenFace[];
  /** The frame that was looked at, drawn before the look: what is shown beside its predictions. Overwritten by a later look, once the next frame is shown. */
  readonly picture: HTMLCanvasElement;
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

/** Longer side of the pictures looked at, pixels: faces of a large one are no better for it. */
const MOST_SIDE = 480;
/** Longer side of the pictures shown, pixels. */
const MOST_SHOWN = 1280;
/** A film that jumps further shows other faces, seconds. */
const JUMP_SECONDS = 1;
/** What is longer is a pause between two frames, and no speed. */
const PAUSE_MS = 1000;
/** Weight of the newest frame in the means. */
const NEWEST = 0.1;

/** A frame that was drawn when it came. */
type Grabbed = Pick<Sight, "width" | "height" | "seconds" | "picture" | "reduction">;

/** A frame whose faces were found, and that the model has not seen yet. */
interface Found {
  readonly grabbed: Grabbed;
  readonly followed: readonly FollowedFace[];
  /** For the model; undefined if there is no face. */
  readonly pixels: ImageData | undefined;
}

/**
 * Looks at one frame after the other: finds the faces, and asks the model about them. While the model, in its worker, has a frame,
 * the next one is drawn and its faces are found.
 */
export class Watcher {
  readonly #follower: FaceFollower;
  readonly #model: WorkerModel;
  readonly #canvas = document.createElement("canvas");
  /** One is shown, one is with the model, the faces of one were found, and one is drawn. */
  readonly #shown = Array.from({ length: 4 }, () => document.createElement("canvas"));
  #looks = 0;
  #seconds = 0;
  readonly #means = { frame: 0, finding: 0, predicting: 0 };

  constructor(networks: FaceNetworks, model: WorkerModel) {
    this.#follower = new FaceFollower(networks);
    this.#model = model;
  }

  /**
   * Predicts the faces of one frame after the other until the signal aborts; of a picture once.
   * @param recall faces that were seen at about some time of the film, in pixels of the source
   * @throws Error if the networks or the model fail
   */
  async predictFrames(
    source: MirrorSource,
    signal: AbortSignal,
    onSight: (sight: Sight) => void,
    recall: (seconds: number) => readonly KnownFace[],
  ): Promise<void> {
    let before = performance.now();
    let last: Promise<void> = Promise.resolve();
    let fail: (error: Error) => void = () => {};
    const failure = new Promise<never>((_, reject) => {
      fail = reject;
    });
    // A film that stands still has no next frame, and what fails meanwhile is told at once.
    failure.catch(() => undefined);
    const tell = async (found: Found) => {
      const sight = await this.#predict(found);
      const now = performance.now();
      if (now - before < PAUSE_MS) this.#count("frame", now - before);
      before = now;
      if (!signal.aborted) onSight({ ...sight, speed: this.#speed });
    };
    let upcoming = this.#grabNext(source, signal);
    do {
      const grabbed = await Promise.race([upcoming, failure]);
      if (signal.aborted) return;
      const found = await this.#find(grabbed, recall);
      // One frame waits while the model has another: the film's next one may come before the model is ready.
      if (source.kind !== "image") upcoming = this.#grabNext(source, signal);
      await Promise.race([last, failure]);
      last = tell(found).catch(fail);
    } while (source.kind !== "image" && !signal.aborted);
    await Promise.race([last, failure]);
  }

  get #speed(): Speed {
    const { frame, finding, predicting } = this.#means;
    return { framesPerSecond: frame === 0 ? 0 : 1000 / frame, findingMs: finding, predictingMs: predicting };
  }

  /** Waits for the next frame and draws it at once: the film goes on meanwhile. */
  async #grabNext(source: MirrorSource, signal: AbortSignal): Promise<Grabbed> {
    const seconds = await nextFrame(source, signal);
    const size = sizeOf(source);
    const scale = Math.min(1, MOST_SIDE / Math.max(size.width, size.height));
    const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
    const shown = Math.min(1, MOST_SHOWN / Math.max(size.width, size.height));
    const picture = this.#shown[this.#looks++ % this.#shown.length]!;
    if (!signal.aborted) drawTo(picture, source.element, size.width * shown, size.height * shown);
    return { width, height, seconds, picture, reduction: size.width / width };
  }

  async #find(grabbed: Grabbed, recall: (seconds: number) => readonly KnownFace[]): Promise<Found> {
    const { width, height, seconds, picture, reduction } = grabbed;
    if (Math.abs(seconds - this.#seconds) > JUMP_SECONDS)
      this.#follower.reset(
        recall(seconds).map(({ id, box }) => ({ id, box: scaledBox(box, 1 / reduction) })),
      );
    this.#seconds = seconds;
    const context = drawTo(this.#canvas, picture, width, height);
    const start = performance.now();
    const followed = await this.#follower.next({ picture: this.#canvas, width, height });
    this.#count("finding", performance.now() - start);
    const pixels = followed.length > 0 ? context.getImageData(0, 0, width, height) : undefined;
    const copies = followed.map(({ id, landmarks }) => ({ id, landmarks: landmarks.slice() }));
    return { grabbed, followed: copies, pixels };
  }

  async #predict({ grabbed, followed, pixels }: Found): Promise<Omit<Sight, "speed">> {
    if (pixels === undefined) return { ...grabbed, faces: [], view: undefined };
    const start = performance.now();
    const landmarks = followed.map((face) => face.landmarks);
    const { predictions, view } = await this.#model.predict(pixels, landmarks);
    this.#count("predicting", performance.now() - start);
    return { ...grabbed, faces: followed.map((face, i) => ({ ...face, prediction: predictions[i]! })), view };
  }

  #count(name: "frame" | "finding" | "predicting", milliseconds: number): void {
    const before = this.#means[name];
    this.#means[name] = before === 0 ? milliseconds : before + NEWEST * (milliseconds - before);
  }
}

function drawTo(
  canvas: HTMLCanvasElement,
  picture: CanvasImageSource,
  width: number,
  height: number,
): CanvasRenderingContext2D {
  const [w, h] = [Math.round(width), Math.round(height)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.drawImage(picture, 0, 0, w, h);
  return context;
}
