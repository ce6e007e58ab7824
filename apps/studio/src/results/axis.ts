/** Axes with round numbers. */
import { nice, tickStep, ticks } from "d3-array";
import { format, precisionFixed } from "d3-format";

const TICKS = 5;

/** A number on an axis, in as many digits as tell it from the next. */
export interface Tick {
  readonly value: number;
  readonly name: string;
}

/** From one round number to another, around all values. */
export function rangeOf(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = low === high ? Math.abs(high) * 0.1 || 1 : 0;
  return nice(low - margin, high + margin, TICKS);
}

/** Round numbers between two of them. */
export function ticksOf(low: number, high: number): Tick[] {
  const nameOf = format(`,.${precisionFixed(tickStep(low, high, TICKS))}f`);
  return ticks(low, high, TICKS).map((value) => ({ value, name: nameOf(value) }));
}

/** Whether so many numbers stand on a scale: fewer stand side by side. */
export const needsScale = (numbers: number): boolean => numbers > TICKS;
