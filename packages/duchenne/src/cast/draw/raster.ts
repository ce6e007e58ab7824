/**
 * Textured, lit triangles into an RGBA image, in plain JavaScript: canvas has no triangles, and a head of several
 * thousand of them is half a millisecond here.
 */
import type { HeadGrid } from "../head/grid.ts";
import type { Shading } from "./lighting.ts";

/** An RGBA image, not premultiplied, row-major. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** A grid of vertices as the rasteriser takes it. */
export interface Surface {
  readonly grid: HeadGrid;
  /** [2 · vertices] pixels. */
  readonly screen: Float32Array;
  readonly shading: Shading;
  readonly texture: Bitmap;
  /** [cells] 1 where the cell has anything to show; cells are numbered by row and column. */
  readonly visible: Uint8Array;
}

/** u, v, red, green, blue, highlight, coverage. */
const ATTRIBUTES = 7;

// One triangle's working set; the rasteriser is synchronous, so one is enough and nothing is allocated per triangle.
const value = new Float64Array(ATTRIBUTES);
const perX = new Float64Array(ATTRIBUTES);
const perY = new Float64Array(ATTRIBUTES);
const corner = new Float64Array(ATTRIBUTES * 3);

/**
 * Draws a grid, far columns first, so that the nose covers the cheek behind it.
 * @param towardsRight whether the face looks to the image's right, so that its right side is the far one
 */
export function drawSurface(target: Bitmap, surface: Surface, towardsRight: boolean): void {
  const { rows, columns } = surface.grid;
  const middle = (columns - 1) / 2;
  for (let step = 0; step < columns - 1; step += 1) {
    // From both sides towards the middle would also do for a frontal head; one direction serves every pose.
    const column = towardsRight ? columns - 2 - step : step;
    for (let row = 0; row < rows - 1; row += 1) {
      if (surface.visible[row * columns + column] === 0) continue;
      const a = row * columns + column;
      const b = a + 1;
      const c = a + columns;
      const d = c + 1;
      // Diagonals mirror at the midline, so that the face is as symmetric as its owner.
      if (column < middle) {
        drawTriangle(target, surface, a, b, c);
        drawTriangle(target, surface, b, d, c);
      } else {
        drawTriangle(target, surface, a, b, d);
        drawTriangle(target, surface, a, d, c);
      }
    }
  }
}

function loadCorner(surface: Surface, vertex: number, at: number): void {
  const { grid, shading } = surface;
  const row = (vertex / grid.columns) | 0;
  corner[at] = grid.textureX[vertex - row * grid.columns]!;
  corner[at + 1] = grid.textureY[row]!;
  corner[at + 2] = shading.diffuse[vertex * 3]!;
  corner[at + 3] = shading.diffuse[vertex * 3 + 1]!;
  corner[at + 4] = shading.diffuse[vertex * 3 + 2]!;
  corner[at + 5] = shading.highlight[vertex]!;
  corner[at + 6] = shading.coverage[vertex]!;
}

function drawTriangle(target: Bitmap, surface: Surface, a: number, b: number, c: number): void {
  const { screen } = surface;
  const ax = screen[a * 2]!;
  const ay = screen[a * 2 + 1]!;
  const bx = screen[b * 2]! - ax;
  const by = screen[b * 2 + 1]! - ay;
  const cx = screen[c * 2]! - ax;
  const cy = screen[c * 2 + 1]! - ay;
  const area = bx * cy - cx * by;
  if (area <= 1e-4) return;
  loadCorner(surface, a, 0);
  loadCorner(surface, b, ATTRIBUTES);
  loadCorner(surface, c, ATTRIBUTES * 2);
  const inverse = 1 / area;
  for (let i = 0; i < ATTRIBUTES; i += 1) {
    const origin = corner[i]!;
    const toB = corner[i + ATTRIBUTES]! - origin;
    const toC = corner[i + ATTRIBUTES * 2]! - origin;
    perX[i] = (toB * cy - toC * by) * inverse;
    perY[i] = (toC * bx - toB * cx) * inverse;
  }
  const top = Math.max(0, Math.ceil(Math.min(ay, ay + by, ay + cy) - 0.5));
  const bottom = Math.min(target.height, Math.ceil(Math.max(ay, ay + by, ay + cy) - 0.5));
  for (let y = top; y < bottom; y += 1) {
    fillRow(target, surface.texture, y, ax, ay, bx, by, cx, cy);
  }
}

/** One row of the triangle whose corners lie at a, a + b and a + c. */
function fillRow(
  target: Bitmap,
  texture: Bitmap,
  y: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
): void {
  const dy = y + 0.5 - ay;
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  // Where the row crosses each edge; a row between two corners crosses exactly two.
  if (dy < 0 !== dy < by) {
    const x = (dy / by) * bx;
    if (x < left) left = x;
    if (x > right) right = x;
  }
  if (dy < 0 !== dy < cy) {
    const x = (dy / cy) * cx;
    if (x < left) left = x;
    if (x > right) right = x;
  }
  if (dy < by !== dy < cy) {
    const x = bx + ((dy - by) / (cy - by)) * (cx - bx);
    if (x < left) left = x;
    if (x > right) right = x;
  }
  const from = Math.max(0, Math.ceil(ax + left - 0.5));
  const to = Math.min(target.width, Math.ceil(ax + right - 0.5));
  if (from >= to) return;
  const dx = from + 0.5 - ax;
  for (let i = 0; i < ATTRIBUTES; i += 1) value[i] = corner[i]! + dx * perX[i]! + dy * perY[i]!;
  fillSpan(target.data, (y * target.width + from) * 4, to - from, texture);
}

function fillSpan(out: Uint8ClampedArray, start: number, count: number, texture: Bitmap): void {
  let u = value[0]!;
  let v = value[1]!;
  let red = value[2]!;
  let green = value[3]!;
  let blue = value[4]!;
  let highlight = value[5]!;
  let coverage = value[6]!;
  const { data, width } = texture;
  const stride = width * 4;
  for (let at = start, end = start + count * 4; at < end; at += 4) {
    const x0 = u | 0;
    const y0 = v | 0;
    const fx = u - x0;
    const fy = v - y0;
    const t = (y0 * width + x0) * 4;
    const w11 = fx * fy;
    const w10 = fy - w11;
    const w01 = fx - w11;
    const w00 = 1 - fx - w10;
    const s = t + stride;
    const alpha =
      coverage *
      (w00 * data[t + 3]! + w01 * data[t + 7]! + w10 * data[s + 3]! + w11 * data[s + 7]!) *
      (1 / 255);
    if (alpha > 0.004) {
      const r = red * (w00 * data[t]! + w01 * data[t + 4]! + w10 * data[s]! + w11 * data[s + 4]!) + highlight;
      const g =
        green * (w00 * data[t + 1]! + w01 * data[t + 5]! + w10 * data[s + 1]! + w11 * data[s + 5]!) +
        highlight;
      const b =
        blue * (w00 * data[t + 2]! + w01 * data[t + 6]! + w10 * data[s + 2]! + w11 * data[s + 6]!) +
        highlight;
      compose(out, at, r, g, b, alpha);
    }
    u += perX[0]!;
    v += perX[1]!;
    red += perX[2]!;
    green += perX[3]!;
    blue += perX[4]!;
    highlight += perX[5]!;
    coverage += perX[6]!;
  }
}

/** Porter and Duff's "over" on colours that are not premultiplied. */
function compose(out: Uint8ClampedArray, at: number, r: number, g: number, b: number, alpha: number): void {
  const under = out[at + 3]! * (1 / 255) * (1 - Math.min(1, alpha));
  if (under < 0.004) {
    out[at] = r;
    out[at + 1] = g;
    out[at + 2] = b;
    out[at + 3] = Math.max(out[at + 3]!, alpha * 255);
    return;
  }
  const total = alpha + under;
  const share = alpha / total;
  out[at]! += (r - out[at]!) * share;
  out[at + 1]! += (g - out[at + 1]!) * share;
  out[at + 2]! += (b - out[at + 2]!) * share;
  out[at + 3] = total * 255;
}
