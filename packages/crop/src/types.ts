/** An 8-bit RGB image, row-major, three bytes per pixel, no padding: `data.length === width * height * 3`. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A rectangle in pixels; `left` and `top` may be negative, the right and bottom edges are exclusive. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A square in continuous pixel coordinates (a pixel's centre is at an integer), turned by `radians` about its centre. */
export interface CropSquare {
  readonly centerX: number;
  readonly centerY: number;
  readonly side: number;
  readonly radians: number;
}
