import { expect, it } from "vitest";
import { fromSquare, squareAround } from "../src/mirror/boxes.ts";
import { readingOf } from "../src/mirror/reading.ts";

it("knows the squares around boxes, and what lies in them", () => {
  const box = { left: 10, top: 20, width: 20, height: 40 };
  expect(squareAround(box, 1.5)).toEqual({ left: -10, top: 10, width: 60, height: 60 });
  const square = { left: 100, top: 200, width: 50, height: 50 };
  expect([...fromSquare(Float32Array.of(0, 0, 112, 56), square, 112)]).toEqual([100, 200, 150, 225]);
});

it("reads what a model says, whichever heads it has", () => {
  const embedding = new Float32Array(1);
  const happy = { expression: "happy", probabilities: { sad: 0.2, happy: 0.8 } };
  expect(readingOf(1, { ...happy, valence: 1, arousal: 0.5, embedding })).toEqual({
    ...{ id: 1, ...happy },
    affect: { valence: 1, arousal: 0.5 },
  });
  expect(readingOf(2, { embedding })).toEqual({
    ...{ id: 2, expression: undefined, probabilities: {} },
    affect: undefined,
  });
});
