/** Pictures painted once in millimetres and then carried along by the head: hair behind it, locks before it. */
import { type Canvas, createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import type { CameraView } from "../head/view.ts";

/** A picture in a plane of head space. */
export interface Sprite {
  readonly canvas: Canvas;
  /** Left, top and depth of the plane, millimetres. */
  readonly left: number;
  readonly top: number;
  readonly z: number;
}

/** Close to what the film shows: fewer pixels would blur, more cost time in every frame. */
const PIXELS_PER_MILLIMETRE = 0.95;

/** Paints a sprite. @param paint gets a context whose unit is a millimetre of head space */
export function createSprite(
  area: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly z: number;
  },
  paint: (context: SKRSContext2D) => void,
): Sprite {
  const canvas = createCanvas(
    Math.ceil((area.right - area.left) * PIXELS_PER_MILLIMETRE),
    Math.ceil((area.bottom - area.top) * PIXELS_PER_MILLIMETRE),
  );
  const context = canvas.getContext("2d");
  context.scale(PIXELS_PER_MILLIMETRE, PIXELS_PER_MILLIMETRE);
  context.translate(-area.left, -area.top);
  paint(context);
  return { canvas, left: area.left, top: area.top, z: area.z };
}

/** Draws a sprite as the view sees its plane; perspective within the plane is neglected. */
export function drawSprite(context: SKRSContext2D, sprite: Sprite, view: CameraView): void {
  const origin = view.project(0, 0, sprite.z);
  const right = view.project(100, 0, sprite.z);
  const down = view.project(0, 100, sprite.z);
  const unit = 100 * PIXELS_PER_MILLIMETRE;
  context.save();
  context.transform(
    (right.x - origin.x) / unit,
    (right.y - origin.y) / unit,
    (down.x - origin.x) / unit,
    (down.y - origin.y) / unit,
    origin.x,
    origin.y,
  );
  context.drawImage(sprite.canvas, sprite.left * PIXELS_PER_MILLIMETRE, sprite.top * PIXELS_PER_MILLIMETRE);
  context.restore();
}
