import type { Model, Prediction } from "@duchenne/predict";
import { FaceFollower, type FollowedFace } from "./FaceFollower.ts";
import type { FaceNetworks } from "./faceNetworks.ts";
import { type MirrorSource, nextFrame, sizeOf } from "./source.ts";

/** What is seen in one frame. */
export interface Sight {
  readonly width: number;
  readonly height: number;
  /** The largest first. */
  readonly faces: readonly SeenFace[];
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
/** Weight of the newest frame in the means. */
const NEWEST = 0.1;

/** Looks at one frame after the other: finds the faces, and asks the model about them. */
export class Watcher {
  readonly #follower: FaceFollower;
  readonly #model: Model;
  readonly #canvas = document.createElement("canvas");
  #pace: Pace = { framesPerSecond: 0, findingMs: 0, predictingMs: 0 };

  constructor(networks: FaceNetworks, model: Model) {
    this.#follower = new FaceFollower(networks);
    this.#model = model;
  }

  /** Watches until it is stopped; a picture is looked at once. */
  async watch(source: MirrorSource, signal: AbortSignal, onSight: (sight: Sight) => void): Promise<void> {
    let before = performance.now();
    do {
      await nextFrame(source, signal);
      if (signal.aborted) return;
      const sight = await this.look(source);
      const now = performance.now();
      this.#count("framesPerSecond", 1000 / (now - before));
      before = now;
      if (!signal.aborted) onSight({ ...sight, pace: this.#pace });
    } while (source.kind !== "image" && !signal.aborted);
  }

  /** Looks at the frame shown now. */
  async look(source: MirrorSource): Promise<Omit<Sight, "pace">> {
    const size = sizeOf(source);
    const scale = Math.min(1, MOST_SIDE / Math.max(size.width, size.height));
    const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
    const context = this.#draw(source, width, height);
    const start = performance.now();
    const followed = await this.#follower.next({ picture: this.#canvas, width, height });
    const found = performance.now();
    this.#count("findingMs", found - start);
    if (followed.length === 0) return { width, height, faces: [], view: undefined };
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
    return { width, height, faces, view: crops[0] };
  }

  #draw({ element }: MirrorSource, width: number, height: number): CanvasRenderingContext2D {
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    const context = this.#canvas.getContext("2d", { willReadFrequently: true })!;
    context.drawImage(element, 0, 0, width, height);
    return context;
  }

  #count(name: keyof Pace, value: number): void {
    const before = this.#pace[name];
    this.#pace = { ...this.#pace, [name]: before === 0 ? value : before + NEWEST * (value - before) };
  }
}
