import { expect, it } from "vitest";
import { landmarkFeature } from "../../../src/data/prepare/landmarkFeature.ts";

/** A plain face: two eyes and a mouth of dlib's points, everything else zero. */
function face(eyeOpening: number, mouthOpening: number, mouthWidth = 0.8): Float64Array {
  const points = new Float64Array(136);
  const put = (from: number, count: number, x: number, y: number, width: number, height: number) => {
    for (let i = 0; i < count; i++) {
      const angle = Math.PI + (2 * Math.PI * i) / count;
      points[2 * (from + i)] = x + (width / 2) * Math.cos(angle);
      points[2 * (from + i) + 1] = y + (height / 2) * Math.sin(angle);
    }
  };
  put(36, 6, -0.5, 0, 0.42, eyeOpening);
  put(42, 6, 0.5, 0, 0.42, eyeOpening);
  put(48, 12, 0, 1.1, mouthWidth, 0.2 + mouthOpening);
  put(60, 8, 0, 1.1, mouthWidth * 0.8, mouthOpening);
  return points;
}

function moved(points: Float64Array, scale: number, radians: number, x: number, y: number): Float64Array {
  const [cos, sin] = [scale * Math.cos(radians), scale * Math.sin(radians)];
  return points.map((_, i) => {
    const [a, b] = [points[i - (i % 2)]!, points[i - (i % 2) + 1]!];
    return i % 2 === 0 ? cos * a - sin * b + x : sin * a + cos * b + y;
  });
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (p: Float32Array, q: Float32Array) => p.reduce((sum, value, i) => sum + value * q[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

it("does not change with position, scale and roll", () => {
  const feature = landmarkFeature(face(0.12, 0.3));
  const other = landmarkFeature(moved(face(0.12, 0.3), 47, 0.4, 63, 80));
  expect(other).toHaveLength(64);
  expect(Math.max(...other.map((value, i) => Math.abs(value - feature[i]!)))).toBeLessThan(1e-5);
});

it("does not change with the length of the face", () => {
  const longer = face(0.12, 0.3).map((value, i) => (i >= 2 * 48 && i % 2 === 1 ? value + 0.3 : value));
  const [a, b] = [landmarkFeature(face(0.12, 0.3)), landmarkFeature(longer)];
  expect(Math.max(...a.map((value, i) => Math.abs(value - b[i]!)))).toBeLessThan(1e-5);
});

it("tells an open mouth from a shut one and wide eyes from shut ones, by cosine", () => {
  const [open, alsoOpen, shut] = [face(0.14, 0.5), face(0.14, 0.45, 0.85), face(0.14, 0)].map(
    landmarkFeature,
  );
  expect(cosine(open!, alsoOpen!)).toBeGreaterThan(0.8);
  expect(cosine(open!, shut!)).toBeLessThan(0.3);
  const [wide, closed] = [face(0.25, 0.05), face(0.01, 0.05)].map(landmarkFeature);
  expect(cosine(wide!.subarray(0, 24), closed!.subarray(0, 24))).toBeLessThan(0);
});

it("is not a number where the eyes coincide", () => {
  expect(landmarkFeature(new Float32Array(136)).every(Number.isNaN)).toBe(true);
});
