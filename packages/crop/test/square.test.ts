import { describe, expect, test } from "vitest";
import {
  eyeAngle,
  RISE_PER_BOX,
  SIDE_PER_BOX,
  squareOfBox,
  squareOfImage,
  squareOfLandmarks,
  toCropPixels,
  toFramePixels,
} from "../src/square.ts";

/** 68 points whose box is [100, 200] x [50, 170], with level eyes. */
function facePoints(): Float32Array {
  const points = new Float32Array(136);
  for (let i = 0; i < 68; i++) points.set([150, 110], 2 * i);
  points.set([100, 80], 0);
  points.set([200, 80], 32);
  points.set([150, 170], 16);
  points.set([150, 50], 38);
  for (let i = 36; i < 42; i++) points.set([125, 90], 2 * i);
  for (let i = 42; i < 48; i++) points.set([175, 90], 2 * i);
  return points;
}

/** Turned clockwise on screen about (x, y). */
function turn(points: Float32Array, radians: number, x: number, y: number): Float32Array {
  return points.map((value, i) => {
    const dx = points[i - (i % 2)]! - x;
    const dy = points[i - (i % 2) + 1]! - y;
    const turned =
      i % 2 === 0
        ? Math.cos(radians) * dx - Math.sin(radians) * dy + x
        : Math.sin(radians) * dx + Math.cos(radians) * dy + y;
    return Number.isFinite(value) ? turned : value;
  });
}

describe("squareOfLandmarks", () => {
  test("follows the formula", () => {
    expect(squareOfLandmarks(facePoints())).toEqual({
      centerX: 150,
      centerY: 110 - RISE_PER_BOX * 120,
      side: SIDE_PER_BOX * 120,
      radians: 0,
    });
  });

  test("a tighter square rises less, and one of the landmarks' own size not at all", () => {
    const own = squareOfLandmarks(facePoints(), 0, 1);
    const middle = squareOfLandmarks(facePoints(), 0, 1 + (SIDE_PER_BOX - 1) / 2);
    expect(own).toEqual({ centerX: 150, centerY: 110, side: 120, radians: 0 });
    expect(middle.side).toBeCloseTo((120 * (SIDE_PER_BOX + 1)) / 2, 9);
    expect(own.centerY - middle.centerY).toBeCloseTo((120 * RISE_PER_BOX) / 2, 9);
  });

  test("turns with the face", () => {
    const level = squareOfLandmarks(facePoints());
    const turned = turn(facePoints(), 0.3, 150, 110);
    expect(eyeAngle(turned)).toBeCloseTo(0.3, 5);
    const square = squareOfLandmarks(turned, eyeAngle(turned));
    expect(square.side).toBeCloseTo(level.side, 3);
    expect(square.centerX).toBeCloseTo(150 + Math.sin(0.3) * RISE_PER_BOX * 120, 3);
    expect(square.centerY).toBeCloseTo(110 - Math.cos(0.3) * RISE_PER_BOX * 120, 3);
  });
});

describe("toCropPixels", () => {
  test("maps pixel centres to pixel centres at scale 1", () => {
    const square = { centerX: 63.5, centerY: 63.5, side: 128, radians: 0 };
    expect(Array.from(toCropPixels(Float32Array.of(0, 0, 127, 10), square, 128))).toEqual([0, 0, 127, 10]);
  });

  test("maps the square's edges to half a pixel beyond the outermost centres", () => {
    const square = { centerX: 100, centerY: 50, side: 60, radians: 0 };
    expect(Array.from(toCropPixels(Float32Array.of(70, 20, 130, 80), square, 128))).toEqual([
      -0.5, -0.5, 127.5, 127.5,
    ]);
  });

  test("levels the eyes of a turned face", () => {
    const turned = turn(facePoints(), -0.4, 150, 110);
    const square = squareOfLandmarks(turned, eyeAngle(turned));
    const inCrop = toCropPixels(turned, square, 128);
    expect(inCrop[2 * 36 + 1]).toBeCloseTo(inCrop[2 * 42 + 1]!, 3);
    const upright = toCropPixels(facePoints(), squareOfLandmarks(facePoints()), 128);
    inCrop.forEach((value, i) => {
      expect(value).toBeCloseTo(upright[i]!, 2);
    });
  });
});

test("squareOfImage covers the whole image", () => {
  const square = squareOfImage(48, 48);
  expect(Array.from(toCropPixels(Float32Array.of(0, 0, 47, 47), square, 48))).toEqual([0, 0, 47, 47]);
  expect(squareOfImage(30, 50)).toEqual({ centerX: 14.5, centerY: 24.5, side: 50, radians: 0 });
});

describe("squareOfBox", () => {
  // dlib's box of the points above: as large as their longer side, its centre 0.09 of it higher.
  const box = { left: 90.5, top: 39.7, width: 120, height: 120 };
  test.each([1, 1.2, 1.6, 2])("of dlib's box is the landmarks' square at scale %s", (scale) => {
    const fromBox = squareOfBox(box, scale);
    const fromPoints = squareOfLandmarks(facePoints(), 0, scale);
    for (const key of ["centerX", "centerY", "side", "radians"] as const)
      expect(fromBox[key]).toBeCloseTo(fromPoints[key], 5);
  });
});

test("toFramePixels undoes toCropPixels, also where the square is turned", () => {
  const points = facePoints();
  const square = squareOfLandmarks(points, 0.3);
  const back = toFramePixels(toCropPixels(points, square, 128), square, 128);
  expect(Math.max(...back.map((value, i) => Math.abs(value - points[i]!)))).toBeLessThan(1e-4);
});
