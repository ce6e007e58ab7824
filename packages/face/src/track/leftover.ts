/**
 * Which part of a film's frame to scan for small faces next. A fine scan of the whole frame costs as much as several frames, so only what
 * may show a new face is scanned: where there is texture, where the picture has changed since it was last scanned, and where no known face
 * is. And no more than an allowance that grows from frame to frame.
 */

import type { Box, GreyImage } from "../types.ts";
import { grow } from "./boxes.ts";

/** Cells along each side of the frame; the smallest face covers two by two. */
const CELLS = 32;
/** Samples along each side of a cell. */
const SAMPLES = 3;
/** Grey levels between the darkest and the brightest sample below which a cell shows no part of a face. */
const MIN_TEXTURE = 12;
/** Grey levels by which the mean of a cell changes if something else is there. */
const MIN_CHANGE = 5;
/** Of the frame: what is left above this is scanned in four turns. A quarter with its margin takes about as much. */
const MAX_SHARE = 0.35;
/** Allowance in frames, per frame of the film. */
const ALLOWED_PER_FRAME = 1 / 50;
/** Allowance that can be saved up. A shot of large frames begins with it: they take long to decode, and the coarse scan leaves more of them. */
const MAX_ALLOWANCE = 1.6;
/** Allowance that is not spent on the surroundings of known faces, so that a face that enters elsewhere does not wait. */
const FOR_OTHERS = 0.7;
/** Small frames begin with less than none: short films of one face, the usual ones, need no fine scan. */
const FIRST_ALLOWANCE = -0.8;
/** Around what is left, in shares of the frame: the largest faces that the coarse scan misses reach this far beyond. */
const MARGIN = 1 / 12;
/** Around a known face, in shares of its box: hair and ears are its own. */
const AROUND_KNOWN = 0.15;

/** Hair, neck and shoulders, which move with a known face: what changes there is scanned only if there is nothing else, and much is allowed. */
const fringeOf = ({ left, top, width, height }: Box): Box => ({
  left: left - 0.8 * width,
  top: top - 1.2 * height,
  width: 2.6 * width,
  height: 4.5 * height,
});

/** What is left of a frame, as numbers of cells. */
interface LeftCells {
  /** Not scanned yet. */
  readonly never: number[];
  /** Not scanned yet, or changed since. */
  readonly open: number[];
  /** Those of `open` that are not beside a known face. */
  readonly beside: number[];
  /** Those of `beside` that have changed without being scanned: they come first, as a small film begins to scan late. */
  readonly entered: number[];
}

/** Remembers what has been scanned. */
export class Leftover {
  /** Mean of each cell when it was scanned last. */
  readonly #scanned = new Float32Array(CELLS * CELLS).fill(Number.NaN);
  /** Mean of each cell when it was seen first, without being scanned. */
  readonly #seen = new Float32Array(CELLS * CELLS).fill(Number.NaN);
  #turn = 0;
  #allowance = FIRST_ALLOWANCE;
  #isSweeping = false;

  /** True while much of a new shot has not been scanned yet. */
  get isSweeping(): boolean {
    return this.#isSweeping;
  }

  /** To be called once a frame. */
  addAllowance(): void {
    this.#allowance = Math.min(MAX_ALLOWANCE, this.#allowance + ALLOWED_PER_FRAME);
  }

  /** A shot of large frames begins: all of them is to be scanned soon. */
  startSweep(): void {
    this.#scanned.fill(Number.NaN);
    this.#allowance = MAX_ALLOWANCE;
    this.#isSweeping = true;
  }

  /** @param known faces that need not be found   @returns the part to scan, in pixels; null if nothing is left or allowed */
  next(grey: GreyImage, known: readonly Box[]): Box | null {
    const { means, textures } = cellsOf(grey);
    const { never, open, beside, entered } = this.#left(grey, means, textures, known);
    if (this.#isSweeping) this.#isSweeping = never.length > 0;
    const isRich = this.#allowance > FOR_OTHERS;
    const rest = beside.length > 0 || !isRich ? beside : open;
    const part = this.#allowed(grey, this.#isSweeping ? never : entered.length > 0 ? entered : rest);
    if (part === null) return null;
    for (let y = part.top; y < part.top + part.height; y++)
      for (let x = part.left; x < part.left + part.width; x++)
        this.#scanned[y * CELLS + x] = means[y * CELLS + x]!;
    return inPixels(part, grey);
  }

  /** Cells that may show a face and are not covered by a known one. One loop: this runs for every cell of every frame. */
  #left(grey: GreyImage, means: Float32Array, textures: Float32Array, known: readonly Box[]): LeftCells {
    const left: LeftCells = { never: [], open: [], beside: [], entered: [] };
    const isCovered = cellsInside(
      known.map((box) => grow(box, AROUND_KNOWN)),
      grey,
    );
    const isFringe = cellsInside(known.map(fringeOf), grey);
    for (let cell = 0; cell < means.length; cell++) {
      const [mean, scanned] = [means[cell]!, this.#scanned[cell]!];
      if (Number.isNaN(this.#seen[cell]!)) this.#seen[cell] = mean;
      if (textures[cell]! < MIN_TEXTURE || isCovered[cell] === 1) continue;
      const isNew = Number.isNaN(scanned);
      if (!isNew && Math.abs(mean - scanned) <= MIN_CHANGE) continue;
      if (isNew) left.never.push(cell);
      left.open.push(cell);
      if (isFringe[cell] === 1) continue;
      left.beside.push(cell);
      if (isNew && Math.abs(mean - this.#seen[cell]!) > MIN_CHANGE) left.entered.push(cell);
    }
    return left;
  }

  /** The part that holds the cells, or those of one quarter, in cells; null if that is more than is allowed. */
  #allowed(grey: GreyImage, open: readonly number[]): Box | null {
    if (open.length === 0) return null;
    const share = (cells: Box) => areaOf(inPixels(cells, grey)) / areaOf(grey);
    let part = boundsOf(open);
    if (share(part) > Math.min(MAX_SHARE, this.#allowance)) part = boundsOf(this.#quarter(open));
    if (share(part) > this.#allowance) return null;
    this.#turn += 1;
    this.#allowance -= share(part);
    return part;
  }

  /** All of the frame has been scanned. */
  scannedAll(grey: GreyImage): void {
    this.#isSweeping = false;
    this.#scanned.set(cellsOf(grey).means);
  }

  /** The cells of the next quarter that has any. */
  #quarter(open: readonly number[]): number[] {
    for (;;) {
      const mine = open.filter((cell) => quarterOf(cell) === this.#turn % 4);
      if (mine.length > 0) return mine;
      this.#turn += 1;
    }
  }
}

const quarterOf = (cell: number): number =>
  2 * Math.floor(cell / CELLS / (CELLS / 2)) + Math.floor((cell % CELLS) / (CELLS / 2));

function cellsOf({ width, height, data }: GreyImage): { means: Float32Array; textures: Float32Array } {
  const means = new Float32Array(CELLS * CELLS);
  const textures = new Float32Array(CELLS * CELLS);
  const across = Math.max(1, CELLS * SAMPLES);
  for (let cell = 0; cell < means.length; cell++) {
    let [sum, least, most] = [0, 255, 0];
    for (let i = 0; i < SAMPLES * SAMPLES; i++) {
      const column = (cell % CELLS) * SAMPLES + (i % SAMPLES);
      const row = Math.floor(cell / CELLS) * SAMPLES + Math.floor(i / SAMPLES);
      const x = Math.floor(((column + 0.5) * width) / across);
      const y = Math.floor(((row + 0.5) * height) / across);
      const value = data[y * width + x]!;
      sum += value;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    means[cell] = sum / SAMPLES ** 2;
    textures[cell] = most - least;
  }
  return { means, textures };
}

/** @returns [cells] 1 where the middle of a cell lies in one of the boxes */
function cellsInside(boxes: readonly Box[], { width, height }: GreyImage): Uint8Array {
  const inside = new Uint8Array(CELLS * CELLS);
  for (const { left, top, width: across, height: down } of boxes)
    for (let cell = 0; cell < inside.length; cell++) {
      const x = (((cell % CELLS) + 0.5) * width) / CELLS;
      const y = ((Math.floor(cell / CELLS) + 0.5) * height) / CELLS;
      if (x >= left && x < left + across && y >= top && y < top + down) inside[cell] = 1;
    }
  return inside;
}

/** In cells. */
function boundsOf(cells: readonly number[]): Box {
  const columns = cells.map((cell) => cell % CELLS);
  const rows = cells.map((cell) => Math.floor(cell / CELLS));
  const [left, top] = [Math.min(...columns), Math.min(...rows)];
  return { left, top, width: Math.max(...columns) + 1 - left, height: Math.max(...rows) + 1 - top };
}

const areaOf = ({ width, height }: { width: number; height: number }): number => width * height;

/** With the margin, as far as the frame reaches. */
function inPixels({ left, top, width, height }: Box, grey: GreyImage): Box {
  const margin = MARGIN * Math.max(grey.width, grey.height);
  const x = Math.max(0, Math.floor((left * grey.width) / CELLS - margin));
  const y = Math.max(0, Math.floor((top * grey.height) / CELLS - margin));
  const right = Math.min(grey.width, Math.ceil(((left + width) * grey.width) / CELLS + margin));
  const bottom = Math.min(grey.height, Math.ceil(((top + height) * grey.height) / CELLS + margin));
  return { left: x, top: y, width: right - x, height: bottom - y };
}
