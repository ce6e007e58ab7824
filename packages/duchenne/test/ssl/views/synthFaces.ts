import { createCanvas } from "@napi-rs/canvas";
import {
  createActor,
  DEFAULT_INTENSITY,
  frameAt,
  LandmarkReader,
  prepareActor,
} from "../../../src/synth/index.ts";

const SECONDS = 4;
/** Points of a face. */
const LANDMARKS = 68;

export interface DrawnFaces {
  readonly size: number;
  /** [n, 3, size, size], 0 to 255. */
  readonly images: Float32Array;
  /** [n, 68, 2] x, y in pixels. */
  readonly landmarks: Float32Array;
}

/** One face of each actor, at the given seconds of their clips. */
export function synthFaces(
  size: number,
  moments: readonly (readonly [actor: number, seconds: number])[],
): DrawnFaces {
  const actors = Math.max(...moments.map(([actor]) => actor)) + 1;
  const plan = { seed: 7, actors, clips: 1, seconds: SECONDS, frameRateHz: 25, intensity: DEFAULT_INTENSITY };
  const images = new Float32Array(moments.length * 3 * size * size);
  const landmarks = new Float32Array(moments.length * LANDMARKS * 2);
  moments.forEach(([index, seconds], face) => {
    const actor = createActor(plan, index);
    const { performer } = prepareActor(plan, actor);
    const state = frameAt(actor.scripts[0]!, seconds);
    const frame = performer.draw(state);
    const scale = size / frame.width;
    const points = new LandmarkReader(performer.mesh, performer.eyes, actor.identity.shape).read(state);
    points.forEach(({ x, y }, i) => {
      landmarks.set([x * scale - 0.5, y * scale - 0.5], (face * LANDMARKS + i) * 2);
    });
    const canvas = createCanvas(size, size);
    canvas.getContext("2d").drawImage(frame, 0, 0, size, size);
    const pixels = canvas.getContext("2d").getImageData(0, 0, size, size).data;
    for (let channel = 0; channel < 3; channel++) {
      for (let i = 0; i < size * size; i++)
        images[(face * 3 + channel) * size * size + i] = pixels[4 * i + channel]!;
    }
  });
  return { size, images, landmarks };
}
