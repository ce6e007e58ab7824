/** What is remembered of one face between frames. */

import { boxOfLandmarks } from "@duchenne/crop";
import type { Box } from "../types.ts";
import { extentOf, rescale, shift } from "./boxes.ts";
import { Identity } from "./identity.ts";

/** Heads do not keep their speed; half of it is the better guess. */
const VELOCITY_KEPT = 0.5;

/** One face through the frames of a shot. */
export class Track {
  /** Changes if the face becomes another person's. */
  id: number;
  /** Whose face it is. */
  readonly identity = new Identity();
  /** Frames in a row in which the detector did not vouch for the face by its own threshold. */
  unsureFrames = 0;
  /** The face as it looked when last detected. */
  patch: Float32Array = new Float32Array();
  #box: Box;
  #index: number;
  #velocityX = 0;
  #velocityY = 0;
  /** Where dlib's box lies around the landmarks: offset of the centres and size, in units of the landmarks' extent. */
  #anchor = { x: 0, y: 0, size: 1 };

  constructor(id: number, box: Box, index: number) {
    this.id = id;
    this.#box = box;
    this.#index = index;
  }

  /** Where the box should be at grid index `index`. */
  expectedBox(index: number): Box {
    const steps = VELOCITY_KEPT * (index - this.#index);
    return shift(this.#box, this.#velocityX * steps, this.#velocityY * steps);
  }

  /** The box dlib would have found around these landmarks, going by the last time it did. */
  boxAround(landmarks: Float32Array): Box {
    const bounds = boxOfLandmarks(landmarks);
    const extent = extentOf(bounds);
    const side = Math.max(1, this.#anchor.size * extent);
    const left = bounds.left + bounds.width / 2 + this.#anchor.x * extent - side / 2;
    const top = bounds.top + bounds.height / 2 + this.#anchor.y * extent - side / 2;
    return { left, top, width: side, height: side };
  }

  /** Takes note of the face's place at grid index `index`. */
  moveTo(box: Box, index: number): void {
    const steps = Math.max(1, index - this.#index);
    this.#velocityX = (box.left + box.width / 2 - this.#box.left - this.#box.width / 2) / steps;
    this.#velocityY = (box.top + box.height / 2 - this.#box.top - this.#box.height / 2) / steps;
    this.#box = box;
    this.#index = index;
  }

  /** Learns how dlib's box and the landmarks lie to each other. */
  anchorTo(box: Box, landmarks: Float32Array): void {
    const bounds = boxOfLandmarks(landmarks);
    const extent = Math.max(1, extentOf(bounds));
    this.#anchor = {
      x: (box.left + box.width / 2 - bounds.left - bounds.width / 2) / extent,
      y: (box.top + box.height / 2 - bounds.top - bounds.height / 2) / extent,
      size: box.width / extent,
    };
  }

  /** Keeps the relative place and speed in a frame of another size. */
  rescale(scaleX: number, scaleY: number): void {
    this.#box = rescale(this.#box, scaleX, scaleY);
    this.#velocityX *= scaleX;
    this.#velocityY *= scaleY;
  }
}
