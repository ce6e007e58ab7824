import { expect, it } from "vitest";
import { parseExpression } from "../../../src/data/store/index.ts";
import { packRecord, recordBytes, unpackRecord } from "../../../src/data/store/record.ts";
import { frame } from "./synthetic.ts";

it("packs records to the documented size and back, labels absent or present", () => {
  const { image: _, ...record } = frame(3);
  for (const labels of [
    {},
    { expression: "contempt" as const, valence: -1, arousal: 0.25, intensity: 0.5 },
  ]) {
    const packed = packRecord({ ...record, labels });
    expect(packed).toHaveLength(recordBytes(64));
    expect(unpackRecord(packed)).toEqual({ ...record, labels });
  }
});

it("reads a record wherever it lies in memory", () => {
  const { image: _, ...record } = frame(5);
  const packed = packRecord(record);
  const shifted = new Uint8Array(packed.length + 3);
  shifted.set(packed, 3);
  expect(unpackRecord(shifted.subarray(3))).toEqual(record);
});

it("knows expressions by name, synonym and AffectNet's number", () => {
  expect(["Happiness", " sad ", "6", "angry"].map(parseExpression)).toEqual([
    "happy",
    "sad",
    "anger",
    "anger",
  ]);
  const dressed = [
    "0_angry",
    "03 - Happy",
    "6.sad",
    "1__happy",
    "\uff28\uff21\uff30\uff30\uff39",
    "\u200bsad\u00a0",
    "\uff12",
  ];
  expect(dressed.map(parseExpression)).toEqual(["anger", "happy", "sad", "happy", "happy", "sad", "sad"]);
  const others = [
    "8",
    "-1",
    "1.5",
    "joyous",
    "",
    "3_4",
    "3_",
    "happy_3",
    "1.5_happy",
    "00001_Joy",
    "2 faces",
  ];
  expect(others.map(parseExpression)).toEqual(Array(others.length).fill(undefined));
});
