import { expect, it } from "vitest";
import { voteColumns } from "../../../src/data/datasets/votes.ts";

it("columns of votes are words for expressions; a number before the word makes it a rater's", () => {
  const columns = voteColumns(["path", "Happiness", "\u200bsad", "\u200bunknown", "NF", "split"]);
  expect(columns).toEqual([
    { index: 1, expression: "happy" },
    { index: 2, expression: "sad" },
    { index: 3, expression: undefined },
    { index: 4, expression: undefined },
  ]);
  expect(voteColumns(["path", "1_happy", "2_sad"])).toEqual([]);
});
