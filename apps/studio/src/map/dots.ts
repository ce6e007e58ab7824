/** Dots as pixels: ten thousand are drawn within a frame, with or without a graphics card. */
import type { Placed } from "./place.ts";

/** Dots of one size and opacity. */
interface DotStyle {
  /** Device pixels. */
  readonly radius: number;
  /** In [0, 1]. */
  readonly opacity: number;
}

/** Places between two pixels that a dot is drawn for: it moves smoothly. */
const STEPS = 4;
/** An opacity of 1 in a stencil. */
const OPAQUE = 256;

/** How much of each pixel the dots cover, [side · side] for each place between pixels. */
interface Stencils {
  readonly side: number;
  readonly half: number;
  readonly covers: readonly Uint16Array[];
}

function makeStencils({ radius, opacity }: DotStyle): Stencils {
  const half = Math.ceil(radius + 1);
  const side = 2 * half + 1;
  const covers = Array.from({ length: STEPS ** 2 }, (_, place) => {
    const [dx, dy] = [(place % STEPS) / STEPS, Math.floor(place / STEPS) / STEPS];
    return Uint16Array.from({ length: side ** 2 }, (_, i) => {
      const distance = Math.hypot((i % side) - half - dx, Math.floor(i / side) - half - dy);
      return Math.round(OPAQUE * opacity * Math.min(1, Math.max(0, radius + 0.5 - distance)));
    });
  });
  return { side, half, covers };
}

/** Pixels of a canvas that dots are laid over. */
export class DotLayer {
  readonly #known = new Map<string, Stencils>();
  #image = new ImageData(1, 1);

  /** The pixels, as they are to be put on the canvas. */
  get image(): ImageData {
    return this.#image;
  }

  /** Begins anew. @param width device pixels   @param ground colour under the dots, [3] RGB */
  clear(width: number, height: number, ground: Uint8ClampedArray): void {
    // A canvas that is not laid out yet has no pixels, and an ImageData has to have one.
    const [columns, rows] = [Math.max(1, width), Math.max(1, height)];
    if (this.#image.width !== columns || this.#image.height !== rows)
      this.#image = new ImageData(columns, rows);
    const pixel = Uint8Array.of(ground[0]!, ground[1]!, ground[2]!, 255);
    new Uint32Array(this.#image.data.buffer).fill(new Uint32Array(pixel.buffer)[0]!);
  }

  /**
   * Lays dots over the pixels.
   * @param placed their middles in CSS pixels, `density` device pixels each   @param colours [n · 3] RGB
   * @param isDrawn [n] which of them
   */
  draw(
    { xs, ys }: Placed,
    density: number,
    colours: Uint8ClampedArray,
    isDrawn: (i: number) => boolean,
    style: DotStyle,
  ): void {
    const { side, half, covers } = this.#stencilsOf(style);
    const { data, width, height } = this.#image;
    for (let i = 0; i < xs.length; i++) {
      const [x, y] = [xs[i]! * density, ys[i]! * density];
      const [column, row] = [Math.floor(x), Math.floor(y)];
      if (column < -half || row < -half || column >= width + half || row >= height + half) continue;
      if (!isDrawn(i)) continue;
      const cover = covers[Math.floor((y - row) * STEPS) * STEPS + Math.floor((x - column) * STEPS)]!;
      const [red, green, blue] = [colours[3 * i]!, colours[3 * i + 1]!, colours[3 * i + 2]!];
      const [left, top] = [column - half, row - half];
      const [from, to] = [Math.max(0, -left), Math.min(side, width - left)];
      for (let v = Math.max(0, -top); v < Math.min(side, height - top); v++) {
        let pixel = 4 * ((top + v) * width + left + from);
        for (let u = from; u < to; u++, pixel += 4) {
          const share = cover[v * side + u]!;
          if (share === 0) continue;
          data[pixel]! += ((red - data[pixel]!) * share) >> 8;
          data[pixel + 1]! += ((green - data[pixel + 1]!) * share) >> 8;
          data[pixel + 2]! += ((blue - data[pixel + 2]!) * share) >> 8;
        }
      }
    }
  }

  #stencilsOf(style: DotStyle): Stencils {
    const key = `${style.radius} ${style.opacity}`;
    const known = this.#known.get(key) ?? makeStencils(style);
    this.#known.set(key, known);
    return known;
  }
}

/** Colours as pixels have them, [n · 3] RGB. @param colours as `fillStyle` takes them */
export function rgbOf(colours: readonly string[]): Uint8ClampedArray {
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
  const known = new Map<string, Uint8ClampedArray>();
  const out = new Uint8ClampedArray(3 * colours.length);
  for (const [i, colour] of colours.entries()) {
    let rgb = known.get(colour);
    if (rgb === undefined) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      rgb = context.getImageData(0, 0, 1, 1).data.slice(0, 3);
      known.set(colour, rgb);
    }
    out.set(rgb, 3 * i);
  }
  return out;
}
