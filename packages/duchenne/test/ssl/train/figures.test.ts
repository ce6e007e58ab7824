import { tensor } from "@duchenne/torch";
import { describe, expect, it } from "vitest";
import { NonFiniteError } from "../../../src/ssl/train/errors.ts";
import { FigureWindow } from "../../../src/ssl/train/figures.ts";

const LOSSES = [3, 2.5, 4, 1, 0.1, 7];
const add = (figures: FigureWindow, step: number, loss: number) =>
  figures.add(step, { loss: tensor(loss), top1: tensor(step / 10) }, { swapped: 2 * step });

describe("FigureWindow", () => {
  it("gives means since the last time, and the newest step's figures", () => {
    const figures = new FigureWindow();
    for (const step of [0, 1]) add(figures, step, LOSSES[step]!);
    figures.read();
    expect(figures.newest).toEqual({ loss: 2.5, top1: expect.closeTo(0.1, 6) });
    expect(figures.takeMeans()).toEqual({ loss: 2.75, top1: expect.closeTo(0.05, 6), swapped: 1 });
    add(figures, 2, 4);
    figures.read();
    expect(figures.takeMeans()).toEqual({ loss: 4, top1: expect.closeTo(0.2, 6), swapped: 4 });
  });

  it("comes to the same numbers however often it is read, saved and taken up again", () => {
    const [whole, parts] = [new FigureWindow(), [new FigureWindow()]];
    LOSSES.forEach((loss, step) => {
      add(whole, step, loss);
      const part = parts.at(-1)!;
      add(part, step, loss);
      part.read();
      const saved = JSON.parse(JSON.stringify([part.smoothedLoss, part.sums()]));
      parts.push(new FigureWindow(saved[0], saved[1]));
    });
    whole.read();
    expect(parts.at(-1)!.smoothedLoss).toBe(whole.smoothedLoss);
    expect(parts.at(-1)!.takeMeans()).toEqual(whole.takeMeans());
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("names the first step whose loss is %d", (value) => {
    const figures = new FigureWindow();
    for (const [step, loss] of [1, value, 1, value].entries()) add(figures, 40 + step, loss);
    expect(() => figures.read()).toThrow(NonFiniteError);
    for (const [step, loss] of [1, value].entries()) add(figures, 40 + step, loss);
    expect(() => figures.read()).toThrow(`step 41: loss: expected a finite number, received ${value}`);
  });
});
