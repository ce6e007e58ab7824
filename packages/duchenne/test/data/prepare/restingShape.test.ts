import { expect, it } from "vitest";
import { aboutRestingShape } from "../../../src/data/prepare/restingShape.ts";

const row = (...values: number[]) => Float32Array.from(values);
const times = (count: number, step = 0.5) => Array.from({ length: count }, (_, i) => i * step);

it("takes off what the face mostly shows, the more the longer it is watched", () => {
  // Mouth corners that hang by 1, and a smile at the end.
  const track = [
    ...Array.from({ length: 6 }, () => row(-1, 0)),
    ...Array.from({ length: 2 }, () => row(2, 3)),
  ];
  const [weight, long] = [3.5 / 7, 35 / 38.5];
  const settled = aboutRestingShape(track, times(8));
  expect(settled[0]![0]).toBeCloseTo(-1 + weight, 6);
  expect(settled[7]![0]).toBeCloseTo(2 + weight, 6);
  expect(settled[7]![1]).toBeCloseTo(3, 6);
  expect(aboutRestingShape(track, times(8, 5))[0]![0]).toBeCloseTo(-1 + long, 6);
});

it("forgets what a single frame shows", () => {
  const settled = aboutRestingShape(
    [0, 0, 5, 0, 0].map((value) => row(value)),
    times(5),
  );
  expect(settled.map(([value]) => value)).toEqual([0, 0, 0, 0, 0]);
});

it("leaves a still alone", () => {
  expect(aboutRestingShape([row(1, -2)], [0])).toEqual([row(1, -2)]);
});

it("works around frames without numbers, and keeps them so", () => {
  const settled = aboutRestingShape([row(1, 1), row(Number.NaN, 1), row(1, 1), row(3, 1)], times(4));
  expect(settled[1]![0]).toBeNaN();
  const weight = 1.5 / 5;
  expect(settled[0]![0]).toBeCloseTo(1 - weight, 6);
  expect(settled[2]![0]).toBeCloseTo(1 - weight, 6);
  expect(aboutRestingShape([row(Number.NaN)], [0])[0]![0]).toBeNaN();
});
