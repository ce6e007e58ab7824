import { InvalidArgumentError } from "commander";

type Parser = (text: string) => number;

/** A number within bounds, as a commander argument parser; also a fraction, as in "25/6". */
export function numberArgument(low: number, high: number): Parser {
  return (text) => {
    const [numerator, denominator = 1, ...more] = text
      .split("/")
      .map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
    const value = numerator! / denominator;
    if (more.length === 0 && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`expected a number from ${low} to ${high}.`);
  };
}

/** A whole number within bounds, as a commander argument parser. */
export function integerArgument(low: number, high: number): Parser {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`expected a whole number from ${low} to ${high}.`);
  };
}
