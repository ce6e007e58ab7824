import type { Model, Prediction } from "@duchenne/predict";
import { scaledBox } from "./boxes.ts";
import { FaceFollower, type FollowedFace, type KnownFace } from "./FaceFollower.ts";
import type { FaceNetworks } from "./faceNetworks.ts";
import { type MirrorSource, nextFrame, sizeOf } from "./source.ts";

/** What is seen in one frame. */
export interface Sight {
  readonly width: number;
  readonly height: number;
  /** The largest first. */
  readonly faces: readonly SeenFace[];
  /** The frame that was looked at, drawn before the look: what is shown beside its predictions. Overwritten by the next look. */
  readonly picture: HTMLCanvasElement;
  /** Pixels of the source in one of the frame. */
  readonly reduction: number;
  /** Time of the frame in a film; 0 for a picture. */
  readonly seconds: number;
  /** What the network saw of the largest face: [size, size, 3] RGB. */
  readonly view: Uint8Array | undefined;
  readonly pace: Pace;
}

export interface SeenFace extends FollowedFace {
  readonly prediction: Prediction;
}

/** Means over the last frames. */
export interface Pace {
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
/** Weight of the newest frame in the means. */
const NEWEST = 0.1;

/** Looks at one frame after the other: finds the faces, and asks the model about them. */
export class Watcher {
  readonly #follower: FaceFollower;
  readonly #model: Model;
  readonly #canvas = document.createElement("canvas");
  readonly #shown = document.createElement("canvas");
  #seconds = 0;
  #pace: Pace = { framesPerSecond: 0, findingMs: 0, predictingMs: 0 };

  constructor(networks: FaceNetworks, model: Model) {
    this.#follower = new FaceFollower(networks);
    this.#model = model;
  }

  /**
   * Watches until it is stopped; a picture is looked at once.
   * @param recall faces that were seen at about some time of the film, in pixels of the source
   */
  async watch(
    source: MirrorSource,
    signal: AbortSignal,
    onSight: (sight: Sight) => void,
    recall: (seconds: number) => readonly KnownFace[],
  ): Promise<void> {
    let before = performance.now();
    do {
      const seconds = await nextFrame(source, signal);
      if (signal.aborted) return;
      const sight = await this.look(source, seconds, recall);
      const now = performance.now();
      this.#count("framesPerSecond", 1000 / (now - before));
      before = now;
      if (!signal.aborted) onSight({ ...sight, pace: this.#pace });
    } while (source.kind !== "image" && !signal.aborted);
  }

  /** Looks at the frame shown now. */
  async look(
    source: MirrorSource,
    seconds: number,
    recall: (seconds: number) => readonly KnownFace[],
  ): Promise<Omit<Sight, "pace">> {
    const size = sizeOf(source);
    const scale = Math.min(1, MOST_SIDE / Math.max(size.width, size.height));
    if (Math.abs(seconds - this.#seconds) > JUMP_SECONDS)
      this.#follower.reset(recall(seconds).map(({ id, box }) => ({ id, box: scaledBox(box, scale) })));
    this.#seconds = seconds;
    const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
    const shown = Math.min(1, MOST_SHOWN / Math.max(size.width, size.height));
    drawTo(this.#shown, source.element, size.width * shown, size.height * shown);
    // From what is shown: the film goes on meanwhile.
    const context = drawTo(this.#canvas, this.#shown, width, height);
    const about = { width, height, seconds, picture: this.#shown, reduction: size.width / width };
    const start = performance.now();
    const followed = await this.#follower.next({ picture: this.#canvas, width, height });
    const found = performance.now();
    this.#count("findingMs", found - start);
    if (followed.length === 0) return { ...about, faces: [], view: undefined };
    const { data } = context.getImageData(0, 0, width, height);
    const crops = followed.map(({ landmarks }) =>
      this.#model.crop({ data, width, height, channels: 4 }, { landmarks }),
    );
    const predictions = await this.#model.predictCrops(crops);
    this.#count("predictingMs", performance.now() - found);
    const faces = followed.map(({ id, landmarks }, i) => ({
      id,
      landmarks: landmarks.slice(),
      prediction: predictions[i]!,
    }));
    return { ...about, faces, view: crops[0] };
  }

  #count(name: keyof Pace, value: number): void {
    const before = this.#pace[name];
    this.#pace = { ...this.#pace, [name]: before === 0 ? value : before + NEWEST * (value - before) };
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
