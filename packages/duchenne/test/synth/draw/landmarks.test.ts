import { beforeAll, describe, expect, it } from "vitest";
import type { Pose } from "../../../src/synth/actor/nuisance.ts";
import type { FrameState } from "../../../src/synth/actor/timeline.ts";
import { createEyes } from "../../../src/synth/draw/eyes.ts";
import { HeadMesh } from "../../../src/synth/head/mesh.ts";
import type { ImagePoint } from "../../../src/synth/head/view.ts";
import {
  type ActionUnit,
  createActor,
  DEFAULT_INTENSITY,
  LandmarkReader,
  UNIT_INDEX,
  UNIT_ORDER,
} from "../../../src/synth/index.ts";

const PLAN = { seed: 1, actors: 1, clips: 1, seconds: 2, frameRateHz: 25, intensity: DEFAULT_INTENSITY };
const STILL: Pose = { yaw: 0, pitch: 0, roll: 0, shiftX: 0, shiftY: 0 };

function stateWith(
  left: Partial<Record<ActionUnit, number>>,
  right: Partial<Record<ActionUnit, number>>,
  pose: Partial<Pose> = {},
): FrameState {
  const vector = (units: Partial<Record<ActionUnit, number>>): Float64Array => {
    const result = new Float64Array(UNIT_ORDER.length);
    for (const [unit, value] of Object.entries(units)) result[UNIT_INDEX[Number(unit) as ActionUnit]] = value;
    return result;
  };
  return {
    timeSeconds: 0,
    expression: "neutral",
    intensity: 0,
    valence: 0,
    arousal: 0,
    units: vector(left),
    unitsLeft: vector(left),
    unitsRight: vector(right),
    pose: { ...STILL, ...pose },
    gazeX: 0,
    gazeY: 0,
    lightGain: 1,
    lightTurn: 0,
  };
}

describe("the 68 points of a drawn face", () => {
  const { identity } = createActor(PLAN, 0);
  let read: (
    left: Partial<Record<ActionUnit, number>>,
    right?: Partial<Record<ActionUnit, number>>,
    pose?: Partial<Pose>,
  ) => ImagePoint[];
  let rest: ImagePoint[];

  beforeAll(() => {
    const mesh = new HeadMesh(identity.shape, identity.camera);
    const reader = new LandmarkReader(mesh, createEyes(mesh, identity.shape), identity.shape);
    read = (left, right = left, pose = {}) => {
      const state = stateWith(left, right, pose);
      mesh.update(state);
      return reader.read(state);
    };
    rest = read({});
  });

  const height = (points: readonly ImagePoint[], a: number, b: number): number => points[b]!.y - points[a]!.y;

  it("come in dlib's order, mirrored at the midline of a frontal head", () => {
    expect(rest).toHaveLength(68);
    const middle = rest[27]!.x;
    for (const [left, right] of [
      [0, 16],
      [3, 13],
      [17, 26],
      [31, 35],
      [36, 45],
      [39, 42],
      [48, 54],
      [60, 64],
    ] as const) {
      expect(rest[left]!.x + rest[right]!.x).toBeCloseTo(2 * middle, 1);
      expect(rest[left]!.y).toBeCloseTo(rest[right]!.y, 1);
      expect(rest[left]!.x).toBeLessThan(middle);
    }
    expect(rest[8]!.y).toBe(Math.max(...rest.map((p) => p.y)));
  });

  it("AU12 widens the mouth and lifts its corners, on the side that smiles", () => {
    const smile = read({ 12: 1 });
    expect(smile[54]!.x - smile[48]!.x).toBeGreaterThan(1.1 * (rest[54]!.x - rest[48]!.x));
    expect(smile[48]!.y).toBeLessThan(rest[48]!.y - 2);
    const half = read({ 12: 1 }, {});
    expect(half[48]!.y).toBeLessThan(rest[48]!.y - 2);
    expect(Math.abs(half[54]!.y - rest[54]!.y)).toBeLessThan(0.3);
  });

  it("AU1, AU2 and AU4 move the inner brow up, the outer brow up, the brow down and in", () => {
    const inner = read({ 1: 1 });
    const outer = read({ 2: 1 });
    const frown = read({ 4: 1 });
    expect(rest[21]!.y - inner[21]!.y).toBeGreaterThan(2 * Math.abs(rest[17]!.y - inner[17]!.y));
    expect(rest[18]!.y - outer[18]!.y).toBeGreaterThan(2 * Math.abs(rest[21]!.y - outer[21]!.y));
    expect(frown[21]!.y).toBeGreaterThan(rest[21]!.y + 1.5);
    expect(frown[22]!.x - frown[21]!.x).toBeLessThan(rest[22]!.x - rest[21]!.x - 1);
  });

  it("AU25 and AU26 part the lips and lower the chin; the upper lip stays", () => {
    const open = read({ 25: 1, 26: 1 });
    expect(height(open, 62, 66)).toBeGreaterThan(height(rest, 62, 66) + 8);
    expect(open[8]!.y).toBeGreaterThan(rest[8]!.y + 6);
    expect(Math.abs(open[51]!.y - rest[51]!.y)).toBeLessThan(3);
    expect(height(rest, 62, 66)).toBeLessThan(1);
  });

  it("AU5 opens the lids, AU7 narrows them, AU45 closes them", () => {
    const opening = (points: readonly ImagePoint[]): number =>
      height(points, 37, 41) + height(points, 38, 40);
    expect(opening(read({ 5: 1 }))).toBeGreaterThan(1.15 * opening(rest));
    expect(opening(read({ 7: 1 }))).toBeLessThan(0.85 * opening(rest));
    expect(opening(read({ 45: 1 }))).toBeLessThan(0.35 * opening(rest));
  });

  it("AU15 pulls the corners down, AU17 pushes the lower lip up, AU9 lifts the nose's wings", () => {
    expect(read({ 15: 1 })[48]!.y).toBeGreaterThan(rest[48]!.y + 2);
    expect(read({ 17: 1 })[57]!.y).toBeLessThan(rest[57]!.y - 1);
    expect(read({ 9: 1 })[31]!.y).toBeLessThan(rest[31]!.y - 1);
  });

  it("turn with the head: the nose leads, the far half narrows", () => {
    const turned = read({}, {}, { yaw: 0.3 });
    expect(turned[30]!.x - rest[30]!.x).toBeGreaterThan(8);
    const half = (points: readonly ImagePoint[], eye: number): number =>
      Math.abs(points[eye]!.x - points[27]!.x);
    expect(half(turned, 45)).toBeLessThan(half(turned, 36));
    expect(read({}, {}, { pitch: 0.15 })[30]!.y).toBeGreaterThan(rest[30]!.y + 3);
    expect(read({}, {}, { roll: 0.2 })[45]!.y).toBeGreaterThan(rest[45]!.y + 3);
  });
});
