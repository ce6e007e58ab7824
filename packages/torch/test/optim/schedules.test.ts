import { optim } from "@duchenne/torch";
import { describe, expect, test } from "vitest";

const { schedules } = optim;

describe("schedules: step to learning rate", () => {
  test.each<[string, optim.schedules.Schedule, [step: number, lr: number][]]>([
    [
      "constant",
      schedules.constant(0.1),
      [
        [0, 0.1],
        [1e6, 0.1],
      ],
    ],
    [
      "cosine",
      schedules.cosine(0.2, 100),
      [
        [0, 0.2],
        [50, 0.1],
        [25, 0.1 * (1 + Math.SQRT1_2)],
        [100, 0],
        [200, 0],
      ],
    ],
    [
      "cosine to a floor",
      schedules.cosine(0.2, 10, 0.1),
      [
        [0, 0.2],
        [5, 0.15],
        [10, 0.1],
      ],
    ],
    [
      "warmup, then cosine",
      schedules.warmup(4, schedules.cosine(1, 10)),
      [
        [0, 0.25],
        [3, 1],
        [4, 1],
        [9, 0.5],
        [14, 0],
      ],
    ],
    [
      "hold, then cosine",
      schedules.hold(10, schedules.cosine(3e-4, 20)),
      [
        [0, 3e-4],
        [10, 3e-4],
        [20, 1.5e-4],
        [30, 0],
      ],
    ],
    [
      "multiStep",
      schedules.multiStep(1, [10, 20]),
      [
        [9, 1],
        [10, 0.1],
        [19, 0.1],
        [20, 0.01],
      ],
    ],
    ["a fall of no steps", schedules.cosine(1, 0), [[0, 0]]],
  ])("%s", (_, schedule, table) => {
    for (const [step, lr] of table) expect([step, schedule(step)]).toEqual([step, expect.closeTo(lr, 12)]);
  });

  test("refuse broken step counts", () => {
    expect(() => schedules.cosine(1, 1.5)).toThrow(
      "cosine: totalSteps: expected an integer from 0, received 1.5",
    );
    expect(() => schedules.warmup(-1, schedules.constant(1))).toThrow(
      "warmup: steps: expected an integer from 0, received -1",
    );
  });
});
