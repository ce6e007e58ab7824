import { expect, test } from "vitest";
import { Leftover } from "../../src/track/leftover.ts";
import type { Box, GreyImage } from "../../src/types.ts";

const SIZE = { width: 640, height: 360 };

/** A plain frame with chequered squares, each of its own two greys. */
function frameWith(squares: readonly (Box & { grey: number })[]): GreyImage {
  const data = new Uint8Array(SIZE.width * SIZE.height).fill(90);
  for (const { left, top, width, height, grey } of squares)
    for (let y = top; y < top + height; y++)
      for (let x = left; x < left + width; x++)
        data[y * SIZE.width + x] = (x + y) % 2 === 0 ? grey : grey + 60;
  return { ...SIZE, data };
}

const square = (left: number, top: number, grey = 40, side = 60) => ({
  left,
  top,
  width: side,
  height: side,
  grey,
});
const holds = (part: Box | null, { left, top, width, height }: Box) =>
  part !== null &&
  part.left <= left &&
  part.top <= top &&
  part.left + part.width >= left + width &&
  part.top + part.height >= top + height;

/** All parts of one frame. */
function partsOf(leftover: Leftover, frame: GreyImage, known: readonly Box[] = []): Box[] {
  const parts: Box[] = [];
  for (;;) {
    const part = leftover.next(frame, known);
    if (part === null) return parts;
    parts.push(part);
  }
}

function begun(): Leftover {
  const leftover = new Leftover();
  leftover.startSweep();
  return leftover;
}

test("plain frames have nothing to scan", () => {
  expect(partsOf(begun(), frameWith([]))).toEqual([]);
});

test("what has texture is scanned once, and again when it changes", () => {
  const leftover = begun();
  const [part, ...others] = partsOf(leftover, frameWith([square(100, 200)]));
  expect(others).toEqual([]);
  expect(holds(part!, square(100, 200))).toBe(true);
  expect(part!.width * part!.height).toBeLessThan(0.3 * SIZE.width * SIZE.height);
  expect(partsOf(leftover, frameWith([square(100, 200)]))).toEqual([]);
  expect(holds(partsOf(leftover, frameWith([square(100, 200, 80)]))[0]!, square(100, 200))).toBe(true);
});

test("what enters is scanned, what stays is not", () => {
  const leftover = begun();
  partsOf(leftover, frameWith([square(20, 20)]));
  const [part, ...others] = partsOf(leftover, frameWith([square(20, 20), square(500, 250)]));
  expect(others).toEqual([]);
  expect(holds(part!, square(500, 250))).toBe(true);
  expect(holds(part!, square(20, 20))).toBe(false);
});

test("known faces are left out, and so is what moves around them while the allowance is small", () => {
  const face = square(260, 100, 40, 140);
  const leftover = begun();
  expect(partsOf(leftover, frameWith([face]), [face])).toEqual([]);
  const shoulders = { left: 230, top: 280, width: 200, height: 70, grey: 50 };
  partsOf(leftover, frameWith([face, shoulders]), [face]);
  expect(partsOf(new Leftover(), frameWith([face, { ...shoulders, grey: 100 }]), [face])).toEqual([]);
});

test("a frame full of change is scanned in parts, no faster than is allowed", () => {
  const leftover = begun();
  const noise = (seed: number) => frameWith([{ left: 0, top: 0, ...SIZE, grey: 20 + 30 * (seed % 4) }]);
  const share = (parts: readonly Box[]) =>
    parts.reduce((sum, { width, height }) => sum + (width * height) / (SIZE.width * SIZE.height), 0);
  expect(partsOf(leftover, noise(0))).toHaveLength(4);
  let scanned = 0;
  for (let i = 1; i <= 200; i++) {
    leftover.addAllowance();
    scanned += share(partsOf(leftover, noise(i)));
  }
  expect(scanned).toBeLessThanOrEqual(200 / 50 + 0.4);
  expect(scanned).toBeGreaterThan(200 / 50 - 0.4);
});

test("a film of small frames begins without fine scans", () => {
  const leftover = new Leftover();
  const frame = frameWith([square(100, 200)]);
  let first = 0;
  while (leftover.next(frame, []) === null) {
    leftover.addAllowance();
    first += 1;
  }
  expect(first).toBeGreaterThan(33);
  expect(first).toBeLessThan(60);
});

// 2.4 s of a film that is sampled 4.17 times a second.
const EVERY = 10;
const SMALL_FACE = 45;

/** @returns frames from when a face enters a film of small frames full of texture until a scan holds it */
function framesUntilScanned(entersAt: number): number {
  const wall = { left: 0, top: 0, ...SIZE, grey: 120 };
  const face = square(430, 170, 20, SMALL_FACE);
  const leftover = new Leftover();
  for (let frame = 0; ; frame++) {
    leftover.addAllowance();
    if (frame % EVERY !== EVERY - 1) continue;
    const parts = partsOf(leftover, frameWith(frame >= entersAt ? [wall, face] : [wall]));
    if (frame >= entersAt && parts.some((part) => holds(part, face))) return frame - entersAt;
  }
}

test.each([50, 53, 61, 77, 99])(
  "who enters a film of small frames in frame %i, while the rest is not scanned yet, is scanned with the next scan",
  (entersAt) => {
    expect(framesUntilScanned(entersAt)).toBeLessThan(EVERY);
  },
);

test("who enters before the scans begin is scanned when they do, and who was there from the start within 36 s", () => {
  expect(12 + framesUntilScanned(12)).toBeLessThan(60);
  expect(framesUntilScanned(0)).toBeLessThan(36 * 4.17);
});
