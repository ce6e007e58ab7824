import { InvalidArgumentError } from "commander";
import { parseShard, type ShardChoice } from "../data/prepare/shard.ts";
import { messageWithFlags } from "./flagText.ts";

/** A commander argument parser for part i of n, as in "2/8". */
export function shardArgument(text: string): ShardChoice {
  try {
    return parseShard(text);
  } catch (error) {
    throw new InvalidArgumentError(messageWithFlags(error as Error));
  }
}

type Parser = (text: string) => number;

/** A commander argument parser for a number within bounds, or a fraction such as "25/6". */
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

/** A commander argument parser for a whole number within bounds. */
export function integerArgument(low: number, high: number): Parser {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`expected a whole number from ${low} to ${high}.`);
  };
}
