import { describe, expect, it } from "vitest";
import {
  apexSeconds,
  createActor,
  DEFAULT_INTENSITY,
  EXPRESSIONS,
  frameAt,
  identityVector,
} from "../../src/synth/index.ts";
import { balancedAccuracy, fitLogistic } from "./logistic.ts";

interface Sample {
  readonly units: readonly number[];
  readonly identity: readonly number[];
  readonly label: number;
}

const PLAN = { seed: 11, actors: 200, clips: 2, seconds: 8, frameRateHz: 25, intensity: DEFAULT_INTENSITY };

function samplesOf(from: number, to: number): Sample[] {
  return Array.from({ length: to - from }, (_, k) => createActor(PLAN, from + k)).flatMap((actor) =>
    actor.scripts.flatMap((script) =>
      script.showings.map((showing) => {
        const frame = frameAt(script, apexSeconds(showing));
        return {
          units: Array.from(frame.units),
          identity: identityVector(actor.identity),
          label: EXPRESSIONS.indexOf(frame.expression),
        };
      }),
    ),
  );
}

describe("apex frames of 200 actors", () => {
  const train = samplesOf(0, 140);
  const held = samplesOf(140, 200);

  it("show all eight expressions, each at least a twentieth of the time", () => {
    for (let label = 0; label < EXPRESSIONS.length; label += 1) {
      const share = held.filter((sample) => sample.label === label).length / held.length;
      expect(share, EXPRESSIONS[label]).toBeGreaterThan(0.05);
    }
  });

  it("are told apart from their action units: above 95 %, held-out actors", () => {
    const model = fitLogistic(
      train.map((s) => s.units),
      train.map((s) => s.label),
      EXPRESSIONS.length,
    );
    const accuracy = balancedAccuracy(
      held.map((s) => model(s.units)),
      held.map((s) => s.label),
      EXPRESSIONS.length,
    );
    expect(accuracy).toBeGreaterThan(0.95);
  });

  it("are not told apart from the identity: below 20 %, held-out actors", () => {
    const model = fitLogistic(
      train.map((s) => s.identity),
      train.map((s) => s.label),
      EXPRESSIONS.length,
    );
    const accuracy = balancedAccuracy(
      held.map((s) => model(s.identity)),
      held.map((s) => s.label),
      EXPRESSIONS.length,
    );
    expect(accuracy).toBeLessThan(0.2);
  });
});
