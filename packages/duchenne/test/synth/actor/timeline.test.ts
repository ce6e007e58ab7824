import { describe, expect, it } from "vitest";
import { Random } from "../../../src/lib/random.ts";
import { planClip } from "../../../src/synth/actor/timeline.ts";
import {
  createActor,
  DEFAULT_INTENSITY,
  EXPRESSION_AFFECT,
  frameAt,
  labelsCsv,
  NEUTRAL_BELOW,
  UNIT_INDEX,
} from "../../../src/synth/index.ts";

const PLAN = { seed: 4, actors: 6, clips: 2, seconds: 8, frameRateHz: 25, intensity: DEFAULT_INTENSITY };

describe("scripts", () => {
  it("hold several expressions of 2 to 4 seconds each", () => {
    for (let index = 0; index < 40; index += 1) {
      for (const script of createActor(PLAN, index).scripts) {
        expect(script.showings.length).toBeGreaterThanOrEqual(2);
        for (const showing of script.showings) {
          expect(showing.seconds).toBeGreaterThanOrEqual(2);
          expect(showing.seconds).toBeLessThanOrEqual(4);
          expect(showing.startSeconds + showing.seconds).toBeLessThanOrEqual(PLAN.seconds + 1e-9);
        }
      }
    }
  });

  it("rise from rest to the drawn peak and fall back", () => {
    const script = planClip(Random.fromSeed(1), 3, ["happy"], { low: 0.6, high: 0.6 });
    const main = script.showings[0]!.parts[0]!;
    expect(main.intensity).toBe(0.6);
    expect(frameAt(script, 0).intensity).toBe(0);
    expect(frameAt(script, 1.5).intensity).toBeCloseTo(0.6, 6);
    expect(frameAt(script, 3).intensity).toBeCloseTo(0, 6);
  });

  it("are labelled neutral exactly where the intensity is below 0.2", () => {
    const { scripts } = createActor(PLAN, 3);
    let neutral = 0;
    for (const script of scripts) {
      for (let t = 0; t < PLAN.seconds; t += 0.04) {
        const frame = frameAt(script, t);
        expect(frame.expression === "neutral").toBe(frame.intensity < NEUTRAL_BELOW);
        neutral += frame.expression === "neutral" ? 1 : 0;
      }
    }
    expect(neutral).toBeGreaterThan(0);
  });

  it("scale valence and arousal with the intensity of an unblended expression", () => {
    const script = planClip(Random.fromSeed(2), 3, ["anger"], { low: 0.5, high: 0.5 });
    expect(script.showings[0]!.parts).toHaveLength(1);
    const frame = frameAt(script, 1.5);
    expect(frame.valence).toBeCloseTo(0.5 * EXPRESSION_AFFECT.anger.valence, 6);
    expect(frame.arousal).toBeCloseTo(0.5 * EXPRESSION_AFFECT.anger.arousal, 6);
  });

  it("show contempt on one side and blend, lean and blink now and then", () => {
    const showings = Array.from({ length: 150 }, (_, k) => createActor(PLAN, k).scripts[0]!).flatMap(
      (s) => s.showings,
    );
    const contempt = showings.filter((s) => s.parts[0]?.expression === "contempt" && s.parts.length === 1);
    for (const { unitsLeft, unitsRight } of contempt) {
      expect(Math.min(unitsLeft[UNIT_INDEX[14]]!, unitsRight[UNIT_INDEX[14]]!)).toBe(0);
      expect(Math.max(unitsLeft[UNIT_INDEX[14]]!, unitsRight[UNIT_INDEX[14]]!)).toBeGreaterThan(0.1);
    }
    expect(contempt.length).toBeGreaterThan(5);
    const blends = showings.filter((s) => s.parts.length === 2).length;
    expect(blends / showings.length).toBeGreaterThan(0.04);
    expect(blends / showings.length).toBeLessThan(0.25);
    const blinks = createActor(PLAN, 0).scripts.flatMap((script) => script.blinkTimes);
    expect(blinks.length).toBeGreaterThan(0);
  });
});

describe("actors", () => {
  it("are the same whatever the number of actors and the number of clips", () => {
    const few = createActor(PLAN, 2);
    const many = createActor({ ...PLAN, actors: 500, clips: 5 }, 2);
    expect(many.identity).toEqual(few.identity);
    expect(many.scripts.slice(0, 2)).toEqual(few.scripts);
  });

  it("differ from each other and from seed to seed", () => {
    expect(createActor(PLAN, 1).identity).not.toEqual(createActor(PLAN, 2).identity);
    expect(createActor(PLAN, 1).identity).not.toEqual(createActor({ ...PLAN, seed: 5 }, 1).identity);
  });
});

describe("labels.csv", () => {
  const lines = labelsCsv(PLAN).trimEnd().split("\n");
  const columns = lines[0]!.split(",");

  it("has a row per frame, and every row a value per column", () => {
    expect(lines).toHaveLength(1 + PLAN.actors * PLAN.clips * PLAN.seconds * 25);
    expect(columns).toContain("AU12");
    for (const line of lines.slice(1)) expect(line.split(",")).toHaveLength(columns.length);
  });

  it("gives each subject one split, and small data sets some of each", () => {
    const splits = new Map<string, Set<string>>();
    for (const line of lines.slice(1)) {
      const cells = line.split(",");
      const subject = cells[columns.indexOf("subject")]!;
      splits.set(subject, (splits.get(subject) ?? new Set()).add(cells[columns.indexOf("split")]!));
    }
    expect([...splits.values()].every((set) => set.size === 1)).toBe(true);
    expect(new Set([...splits.values()].flatMap((set) => [...set]))).toEqual(
      new Set(["train", "valid", "test"]),
    );
  });

  it("gives action units in [0, 1] and affect in [-1, 1]", () => {
    const within = (cell: string, low: number): boolean => Number(cell) >= low && Number(cell) <= 1;
    for (const line of lines.slice(1)) {
      const cells = line.split(",");
      expect(cells.slice(columns.indexOf("AU1")).every((cell) => within(cell, 0))).toBe(true);
      expect(within(cells[columns.indexOf("valence")]!, -1)).toBe(true);
      expect(within(cells[columns.indexOf("arousal")]!, -1)).toBe(true);
    }
  });
});
