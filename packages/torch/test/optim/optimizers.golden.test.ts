import { readFileSync } from "node:fs";
import { optim, tensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { goldenPath } from "../golden.ts";

interface Case {
  optimizer: "Adam" | "AdamW" | "SGD";
  options: { lr: number; weight_decay?: number; momentum?: number; nesterov?: boolean };
  initial: { data: number[] };
  grads: number[][];
  after: number[][];
}

const { cases } = JSON.parse(readFileSync(goldenPath("optimizers.json"), "utf8")) as { cases: Case[] };

describe("optimisers against PyTorch, float64", () => {
  test.each(cases)("$optimizer $options", ({ optimizer, options, initial, grads, after }) => {
    const parameter = tensor(initial.data, { dtype: "float64", requiresGrad: true });
    const { lr, weight_decay: weightDecay = 0, ...rest } = options;
    const stepper = new optim[optimizer]([parameter], { lr, weightDecay, ...rest });
    for (const [i, gradient] of grads.entries()) {
      parameter.grad = tensor(gradient, { dtype: "float64" });
      stepper.step();
      expect(parameter).toBeAllclose(after[i]!);
    }
  });
});
