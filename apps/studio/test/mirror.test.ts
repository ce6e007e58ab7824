import type { Prediction } from "@duchenne/predict";
import { expect, it } from "vitest";
import { fromSquare, squareAround } from "../src/mirror/boxes.ts";
import { steady } from "../src/mirror/steady.ts";

const seen = (id: number, prediction: Omit<Prediction, "embedding">) => ({
  id,
  landmarks: new Float32Array(136),
  prediction: { ...prediction, embedding: new Float32Array(1) },
});

it("knows the squares around boxes, and what lies in them", () => {
  const box = { left: 10, top: 20, width: 20, height: 40 };
  expect(squareAround(box, 1.5)).toEqual({ left: -10, top: 10, width: 60, height: 60 });
  const square = { left: 100, top: 200, width: 50, height: 50 };
  expect([...fromSquare(Float32Array.of(0, 0, 112, 56), square, 112)]).toEqual([100, 200, 150, 225]);
});

it("steadies one face's predictions, which still sum to 1, and begins anew with another face", () => {
  const first = steady(
    undefined,
    seen(1, { expression: "sad", probabilities: { sad: 1, happy: 0 }, valence: -1, arousal: 0 }),
  );
  expect(first).toMatchObject({ expression: "sad", affect: { valence: -1, arousal: 0 } });
  const happy = { expression: "happy", probabilities: { sad: 0, happy: 1 }, valence: 1, arousal: 0.5 };
  const second = steady(first, seen(1, happy));
  expect(second.expression).toBe("sad");
  expect(second.probabilities.sad! + second.probabilities.happy!).toBeCloseTo(1, 12);
  expect(second.affect!.valence).toBeGreaterThan(-1);
  expect(steady(second, seen(1, happy)).expression).toBe("happy");
  expect(steady(first, seen(2, happy))).toMatchObject({
    expression: "happy",
    affect: { valence: 1, arousal: 0.5 },
  });
  expect(steady(undefined, seen(1, {}))).toEqual({
    id: 1,
    expression: undefined,
    probabilities: {},
    affect: undefined,
  });
});
