import { ops, type Tensor } from "@duchenne/torch";

/** Rows and columns of pixels, the ends exclusive. */
export interface Box {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

/** The smallest box around some, empty ones among them. */
export function boxAround(boxes: readonly Box[]): Box {
  return {
    top: Math.min(...boxes.map(({ top }) => top)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
    left: Math.min(...boxes.map(({ left }) => left)),
    right: Math.max(...boxes.map(({ right }) => right)),
  };
}

/** A box with a margin on each side, inside an image of the given side. */
export function grown({ top, bottom, left, right }: Box, margin: number, size: number): Box {
  return {
    top: Math.max(0, top - margin),
    bottom: Math.min(size, bottom + margin),
    left: Math.max(0, left - margin),
    right: Math.min(size, right + margin),
  };
}

/** A box in the pixels of another that holds it. */
export function within({ top, bottom, left, right }: Box, outer: Box): Box {
  return {
    top: top - outer.top,
    bottom: bottom - outer.top,
    left: left - outer.left,
    right: right - outer.left,
  };
}

/** The pixels of a box: a view. @param images [n, channels, height, width] */
export function cut(images: Tensor, { top, bottom, left, right }: Box): Tensor {
  return ops.narrow(ops.narrow(images, 2, top, bottom - top), 3, left, right - left);
}
