import { describe, expect, test } from "vitest";
import type { Prediction } from "../src/model.ts";
import { Smoother } from "../src/smoother.ts";

const seen = (happy: number, valence = 0): Prediction => ({
  expression: happy > 0.5 ? "happy" : "sad",
  probabilities: { happy, sad: 1 - happy },
  valence,
  arousal: -valence,
  embedding: Float32Array.of(happy),
});

describe("Smoother", () => {
  test("lets 63 % of a change through in its time constant, however many frames that takes", () => {
    for (const steps of [1, 7, 50]) {
      const smoother = new Smoother(0.5);
      smoother.apply(0, 0, seen(0, -1));
      let last = seen(0);
      for (let i = 1; i <= steps; i++) last = smoother.apply(0, (0.5 * i) / steps, seen(1, 1));
      expect(last.probabilities!.happy).toBeCloseTo(1 - Math.exp(-1), 10);
      expect(last.valence).toBeCloseTo(1 - 2 * Math.exp(-1), 10);
      expect(last.arousal).toBeCloseTo(-last.valence!, 10);
      expect(last.expression).toBe("happy");
      expect(last.embedding).toEqual(Float32Array.of(1));
    }
  });

  test("keeps probabilities that sum to 1, and names the most probable of them", () => {
    const smoother = new Smoother(10);
    smoother.apply(0, 0, seen(0.1));
    const { probabilities, expression } = smoother.apply(0, 0.1, seen(1));
    expect(probabilities!.happy! + probabilities!.sad!).toBeCloseTo(1, 12);
    expect(expression).toBe("sad");
  });

  test("keeps tracks apart, and starts anew with a face that was long away", () => {
    const smoother = new Smoother(1);
    smoother.apply(0, 0, seen(0));
    expect(smoother.apply(1, 0, seen(1)).probabilities!.happy).toBe(1);
    expect(smoother.apply(0, 9, seen(1)).probabilities!.happy).toBe(1);
  });
});
