/**
 * Textured, lit triangles into an RGBA image, in plain JavaScript: canvas has no triangles, and a head of several
 * thousand of them is about a millisecond here.
 */
import type { HeadGrid } from "../head/grid.ts";
import type { Shading } from "./lighting.ts";

/** An RGBA image, not premultiplied, row-major. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
  /** Alpha is 255 throughout, and need not be looked at. */
  readonly opaque?: boolean;
}

/** A grid of vertices as the rasteriser takes it. */
export interface Surface {
  readonly grid: HeadGrid;
  /** [2 · vertices] pixels. */
  readonly screen: Float32Array;
  readonly shading: Shading;
  readonly texture: Bitmap;
  /** [cells] 1 where the cell has anything to show; a cell has the number of its first vertex. */
  readonly visible: Uint8Array;
}

/** Per vertex: texture u and v, red, green, blue, highlight, coverage. */
const ATTRIBUTES = 7;

/**
 * A triangle's plane equations, attribute by attribute: value at its first corner, slope along x, slope along y. The
 * rasteriser is synchronous, so one is enough, and nothing is allocated per triangle.
 */
const plane = new Float64Array(ATTRIBUTES * 3);

/**
 * Draws a grid, far columns first, so that the nose covers the cheek behind it.
 * @param towardsRight whether the face looks to the image's right, so that its right side is the far one
 */
export function drawSurface(target: Bitmap, surface: Surface, towardsRight: boolean): void {
  const { rows, columns } = surface.grid;
  const middle = (columns - 1) / 2;
  for (let step = 0; step < columns - 1; step += 1) {
    const column = towardsRight ? columns - 2 - step : step;
    for (let row = 0; row < rows - 1; row += 1) {
      const a = row * columns + column;
      if (surface.visible[a] === 0) continue;
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

function drawTriangle(target: Bitmap, surface: Surface, a: number, b: number, c: number): void {
  const { screen } = surface;
  const ax = screen[a * 2]!;
  const ay = screen[a * 2 + 1]!;
  const bx = screen[b * 2]! - ax;
  const by = screen[b * 2 + 1]! - ay;
  const cx = screen[c * 2]! - ax;
  const cy = screen[c * 2 + 1]! - ay;
  const area = bx * cy - cx * by;
  // Seen from behind, or edge-on.
  if (area <= 1e-4) return;
  const low = Math.min(0, by, cy);
  const high = Math.max(0, by, cy);
  const top = Math.max(0, Math.ceil(ay + low - 0.5));
  const bottom = Math.min(target.height, Math.ceil(ay + high - 0.5));
  if (top >= bottom) return;
  setPlanes(surface, a, b, c, bx / area, by / area, cx / area, cy / area);
  for (let y = top; y < bottom; y += 1) {
    const dy = y + 0.5 - ay;
    let left = Number.POSITIVE_INFINITY;
    let right = Number.NEGATIVE_INFINITY;
    // Where the row crosses each edge; a row between two corners crosses exactly two.
    if (dy < 0 !== dy < by) {
      const x = (dy / by) * bx;
      left = x;
      right = x;
    }
    if (dy < 0 !== dy < cy) {
      const x = (dy / cy) * cx;
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
    if (dy < by !== dy < cy) {
      const x = bx + ((dy - by) / (cy - by)) * (cx - bx);
      left = Math.min(left, x);
      right = Math.max(right, x);
    }
    const from = Math.max(0, Math.ceil(ax + left - 0.5));
    const to = Math.min(target.width, Math.ceil(ax + right - 0.5));
    if (from < to)
      fillSpan(target.data, (y * target.width + from) * 4, to - from, from + 0.5 - ax, dy, surface.texture);
  }
}

/** Sets `plane` for a triangle; b and c are edges from its first corner, divided by its area. */
function setPlanes(
  { grid, shading }: Surface,
  a: number,
  b: number,
  c: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
): void {
  const { textureX, textureY, columns } = grid;
  const { diffuse, highlight, coverage } = shading;
  const rowA = (a / columns) | 0;
  const rowB = (b / columns) | 0;
  const rowC = (c / columns) | 0;
  const u = textureX[a - rowA * columns]!;
  setPlane(0, u, textureX[b - rowB * columns]! - u, textureX[c - rowC * columns]! - u, bx, by, cx, cy);
  const v = textureY[rowA]!;
  setPlane(3, v, textureY[rowB]! - v, textureY[rowC]! - v, bx, by, cx, cy);
  for (let k = 0; k < 3; k += 1) {
    const light = diffuse[a * 3 + k]!;
    setPlane(6 + k * 3, light, diffuse[b * 3 + k]! - light, diffuse[c * 3 + k]! - light, bx, by, cx, cy);
  }
  const shine = highlight[a]!;
  setPlane(15, shine, highlight[b]! - shine, highlight[c]! - shine, bx, by, cx, cy);
  const cover = coverage[a]!;
  setPlane(18, cover, coverage[b]! - cover, coverage[c]! - cover, bx, by, cx, cy);
}

/** One attribute: its value at the first corner, and how much more it is at the others. */
function setPlane(
  at: number,
  origin: number,
  toB: number,
  toC: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
): void {
  plane[at] = origin;
  plane[at + 1] = toB * cy - toC * by;
  plane[at + 2] = toC * bx - toB * cx;
}

/** Fills `count` pixels whose first lies (dx, dy) from the triangle's first corner. */
function fillSpan(
  out: Uint8ClampedArray,
  start: number,
  count: number,
  dx: number,
  dy: number,
  texture: Bitmap,
): void {
  let u = plane[0]! + dx * plane[1]! + dy * plane[2]!;
  let v = plane[3]! + dx * plane[4]! + dy * plane[5]!;
  let red = plane[6]! + dx * plane[7]! + dy * plane[8]!;
  let green = plane[9]! + dx * plane[10]! + dy * plane[11]!;
  let blue = plane[12]! + dx * plane[13]! + dy * plane[14]!;
  let highlight = plane[15]! + dx * plane[16]! + dy * plane[17]!;
  let coverage = plane[18]! + dx * plane[19]! + dy * plane[20]!;
  const { data, width } = texture;
  const opaque = texture.opaque === true;
  const stride = width * 4;
  for (let at = start, end = start + count * 4; at < end; at += 4) {
    const x0 = u | 0;
    const y0 = v | 0;
    const t = (y0 * width + x0) * 4;
    const s = t + stride;
    // Bilinear weights of the four texels around.
    const w11 = (u - x0) * (v - y0);
    const w10 = v - y0 - w11;
    const w01 = u - x0 - w11;
    const w00 = 1 - (u - x0) - w10;
    const alpha = opaque
      ? coverage
      : coverage *
        (w00 * data[t + 3]! + w01 * data[t + 7]! + w10 * data[s + 3]! + w11 * data[s + 7]!) *
        (1 / 255);
    if (alpha > 0.004) {
      const r = w00 * data[t]! + w01 * data[t + 4]! + w10 * data[s]! + w11 * data[s + 4]!;
      const g = w00 * data[t + 1]! + w01 * data[t + 5]! + w10 * data[s + 1]! + w11 * data[s + 5]!;
      const b = w00 * data[t + 2]! + w01 * data[t + 6]! + w10 * data[s + 2]! + w11 * data[s + 6]!;
      compose(out, at, red * r + highlight, green * g + highlight, blue * b + highlight, alpha);
    }
    u += plane[1]!;
    v += plane[4]!;
    red += plane[7]!;
    green += plane[10]!;
    blue += plane[13]!;
    highlight += plane[16]!;
    coverage += plane[19]!;
  }
}

/** Porter and Duff's "over" on colours that are not premultiplied. */
function compose(out: Uint8ClampedArray, at: number, r: number, g: number, b: number, alpha: number): void {
  const under = alpha > 0.996 ? 0 : out[at + 3]! * (1 / 255) * (1 - alpha);
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

/** Vertices that belong to visible cells. */
export function verticesOf(grid: HeadGrid, visible: Uint8Array): Int32Array {
  const used = new Uint8Array(grid.rows * grid.columns);
  visible.forEach((shown, cell) => {
    if (shown === 0 || cell % grid.columns === grid.columns - 1 || cell >= (grid.rows - 1) * grid.columns)
      return;
    for (const step of [0, 1, grid.columns, grid.columns + 1]) used[cell + step] = 1;
  });
  return Int32Array.from(used.keys()).filter((vertex) => used[vertex] === 1);
}
