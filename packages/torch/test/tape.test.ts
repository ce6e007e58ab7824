import { readFileSync } from "node:fs";
import { sharedTensor } from "@duchenne/torch";
import { describe, expect, test } from "vitest";
import { ErrorKind } from "../src/core/native.ts";
import { Tag } from "../src/core/tape.ts";

/** The `kName = number` entries of a C++ enumeration, by name. */
function enumeration(file: string, name: string): Record<string, number> {
  const text = readFileSync(new URL(`../native/${file}`, import.meta.url), "utf8");
  const body = new RegExp(`enum (?:class )?${name} : int \\{([^}]*)\\}`).exec(text)?.[1] ?? "";
  const entries = [...body.matchAll(/\bk(\w+) = (\d+)/g)];
  return Object.fromEntries(entries.map(([, entry, value]) => [entry!.toLowerCase(), Number(value)]));
}

function lowerCased(table: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name.toLowerCase(), value]));
}

describe("the addon and the JavaScript side number alike", () => {
  test("the tape's tags", () => {
    expect(enumeration("tape.h", "Tag")).toEqual(lowerCased(Tag));
  });

  test("the kinds of errors", () => {
    expect(enumeration("engine.h", "ErrorKind")).toEqual(lowerCased(ErrorKind));
  });
});

test("a description that needs a larger tape is read from it", () => {
  const shape = new Array(4000).fill(1).with(3998, 2);
  expect(sharedTensor(new Float32Array(2), shape).shape).toEqual(shape);
});
