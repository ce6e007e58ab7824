import { FACE_DEFAULTS, type FrameStream, followFaces, type RgbImage } from "@duchenne/face";
import { createActor, frameAt, prepareActor } from "../../../src/synth/index.ts";
import { synthOptions } from "../../../src/synth/options.ts";

const PLAN = synthOptions({ out: "unused", actors: 40, clips: 1, seconds: 8, seed: 19 });
/** Side of the actors' frames, pixels. */
export const SIDE = 256;

/** Where somebody is, in a frame: the square that the actor's frame is drawn into. */
export type Place = { actor: number; x: number; y: number; side: number };

/** A frame of a made film, and who is in it, the last in front. */
export type MadeFrame = { image: RgbImage; places: readonly Place[] };

const drawn = new Map<number, RgbImage[]>();

/** Frames of a synthetic actor's film, `fps` a second; the first are drawn once only. */
function framesOf(actor: number, count: number): RgbImage[] {
  const frames = drawn.get(actor) ?? [];
  drawn.set(actor, frames);
  if (frames.length < count) {
    const one = createActor(PLAN, actor);
    const { performer } = prepareActor(PLAN, one);
    for (let i = frames.length; i < count; i++) {
      const rgba = performer.draw(frameAt(one.scripts[0]!, i / FACE_DEFAULTS.fps)).data();
      const data = new Uint8Array(SIDE * SIDE * 3);
      for (let k = 0; k < SIDE * SIDE; k++) data.set(rgba.subarray(4 * k, 4 * k + 3), 3 * k);
      frames.push({ width: SIDE, height: SIDE, data });
    }
  }
  return frames;
}

/** A frame of one colour, with people in it. @param moment of the actors' films, in sampled frames */
export function frameWith(
  width: number,
  height: number,
  moment: number,
  places: readonly Place[],
): MadeFrame {
  const image = { width, height, data: new Uint8Array(width * height * 3).fill(112) };
  for (const place of places) drawInto(image, framesOf(place.actor, moment + 1)[moment]!, place);
  return { image, places };
}

/** The heads alone: the middle of the actor's frame, over what was there before. */
export function headOver({ image, places }: MadeFrame, moment: number, place: Place): MadeFrame {
  const copy = { ...image, data: image.data.slice() };
  drawInto(copy, framesOf(place.actor, moment + 1)[moment]!, place, 0.16);
  return { image: copy, places: [...places.filter(({ x }) => x !== place.x), place] };
}

function drawInto(to: RgbImage, from: RgbImage, { x: left, y: top, side }: Place, border = 0): void {
  for (let y = Math.ceil(border * side); y < side * (1 - border); y++) {
    for (let x = Math.ceil(border * side); x < side * (1 - border); x++) {
      const [u, v] = [Math.floor((x * SIDE) / side), Math.floor((y * SIDE) / side)];
      if (left + x < 0 || top + y < 0 || left + x >= to.width || top + y >= to.height) continue;
      const source = 3 * (v * SIDE + u);
      to.data.set(from.data.subarray(source, source + 3), 3 * ((top + y) * to.width + left + x));
    }
  }
}

/** For each track that `followFaces` finds, the actors it shows. */
export async function actorsByTrack(frames: readonly MadeFrame[]): Promise<number[][]> {
  const shown = new Map<number, Set<number>>();
  for await (const { frame, faces } of followFaces(streamOf(frames), {
    minSharpness: 0,
    maxYawDegrees: 90,
  })) {
    for (const { track, square } of faces) {
      const distance = ({ x, y, side }: Place) =>
        Math.hypot(x + side / 2 - square.centerX, y + 0.45 * side - square.centerY) / side;
      const nearest = frames[frame.index]!.places.toSorted((a, b) => distance(a) - distance(b))[0];
      if (nearest === undefined || distance(nearest) > 0.3) continue;
      shown.set(track, (shown.get(track) ?? new Set()).add(nearest.actor));
    }
  }
  return [...shown.values()].map((actors) => [...actors]);
}

async function* streamOf(frames: readonly MadeFrame[]): FrameStream {
  for (const [index, { image }] of frames.entries())
    yield { ...image, index, timeSeconds: index / FACE_DEFAULTS.fps, reduction: 1 };
  return null;
}

/** In how many frames each actor's face is found, and in which it is found first. */
export async function sightings(
  frames: readonly MadeFrame[],
): Promise<Map<number, { first: number; count: number }>> {
  const found = new Map<number, { first: number; count: number }>();
  for await (const { frame, faces } of followFaces(streamOf(frames), {
    minSharpness: 0,
    minTrackFrames: 1,
  })) {
    for (const { actor, x, y, side } of frames[frame.index]!.places) {
      const isIn = faces.some(
        ({ square: { centerX, centerY } }) =>
          centerX > x && centerX < x + side && centerY > y && centerY < y + side,
      );
      if (!isIn) continue;
      const before = found.get(actor);
      found.set(actor, { first: before?.first ?? frame.index, count: (before?.count ?? 0) + 1 });
    }
  }
  return found;
}
