import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { sharpnessOf } from "../../src/crop/quality.ts";
import { FACE_DEFAULTS } from "../../src/options.ts";
import { yawDegreesOf } from "../../src/yaw.ts";
import { drawFaces, plain } from "../media.ts";

describe("sharpnessOf", () => {
  const face = drawFaces(128, 128, [{ x: 64, y: 64, radius: 45 }]);

  test("falls with blur, below the default limit when little is left", async () => {
    const values = [sharpnessOf(face)];
    for (const sigma of [1, 2, 6]) {
      const data = await sharp(face.data, { raw: { width: 128, height: 128, channels: 3 } })
        .blur(sigma)
        .raw()
        .toBuffer();
      values.push(sharpnessOf({ ...face, data }));
    }
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(values[0]).toBeGreaterThan(2 * FACE_DEFAULTS.minSharpness);
    expect(values[3]).toBeLessThan(FACE_DEFAULTS.minSharpness);
  });

  test("does not depend on contrast", () => {
    const dim = { ...face, data: face.data.map((value) => 60 + value / 3) };
    expect(sharpnessOf(dim) / sharpnessOf(face)).toBeGreaterThan(0.8);
    expect(sharpnessOf(dim) / sharpnessOf(face)).toBeLessThan(1.3);
  });

  test("is 0 for a plain image of any size", () => {
    expect(sharpnessOf(plain(128, 128, [80, 90, 100]))).toBe(0);
    expect(sharpnessOf(plain(1, 1, [80, 90, 100]))).toBe(0);
  });
});

describe("yawDegreesOf", () => {
  /** Projects eye corners and nose tip of a head turned by `degrees`: eyes 2 apart, nose 1 in front of them. */
  function turned(degrees: number, roll = 0): Float32Array {
    const yaw = (degrees * Math.PI) / 180;
    const points = new Float32Array(136);
    const put = (i: number, x: number, y: number, z: number) => {
      const flat = Math.cos(yaw) * x + Math.sin(yaw) * z;
      points.set(
        [
          50 + 20 * (Math.cos(roll) * flat - Math.sin(roll) * y),
          50 + 20 * (Math.sin(roll) * flat + Math.cos(roll) * y),
        ],
        2 * i,
      );
    };
    for (let i = 36; i < 42; i++) put(i, -0.7, 0, 0);
    for (let i = 42; i < 48; i++) put(i, 0.7, 0, 0);
    put(36, -1, 0, 0);
    put(45, 1, 0, 0);
    put(30, 0, 0.8, 1);
    return points;
  }

  test.each([0, 15, -30, 50])("finds a turn of %d degrees, upright or tilted", (degrees) => {
    expect(yawDegreesOf(turned(degrees))).toBeCloseTo(degrees, 1);
    expect(yawDegreesOf(turned(degrees, 0.4))).toBeCloseTo(degrees, 1);
  });

  test("takes eyes that fall together for a full profile", () => {
    expect(yawDegreesOf(new Float32Array(136))).toBe(90);
  });
});
