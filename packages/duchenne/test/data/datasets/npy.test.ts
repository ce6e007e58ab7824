import { join } from "node:path";
import { expect, it } from "vitest";
import { readNpyScalar } from "../../../src/data/datasets/npy.ts";
import { npy, npyDouble, npyString, tree } from "./tree.ts";

const read = (file: Buffer): number => readNpyScalar(join(tree({ "x.npy": file }), "x.npy"));

it("reads numbers of every width and byte order, and short strings", () => {
  expect(read(npyDouble(-0.25))).toBe(-0.25);
  expect(read(npyString("-0.433"))).toBe(-0.433);
  expect(read(npy("|S4", "", Buffer.from("0.5\0")))).toBe(0.5);
  expect(read(npy("<f4", "1,", Buffer.from([0, 0, 0x80, 0x3e])))).toBe(0.25);
  expect(read(npy(">f4", "", Buffer.from([0x3e, 0x80, 0, 0])))).toBe(0.25);
  expect(read(npy("<i8", "", Buffer.from([7, 0, 0, 0, 0, 0, 0, 0])))).toBe(7);
  expect(read(npy("|u1", "1, 1", Buffer.from([3])))).toBe(3);
  expect(read(npy("<i2", "", Buffer.from([0xfe, 0xff])))).toBe(-2);
  expect(read(npy(">U2", "", Buffer.from([0, 0, 0, 0x31, 0, 0, 0, 0x30])))).toBe(10);
});

it("names what is no single number", () => {
  expect(() => read(npy("<c16", "", Buffer.alloc(16)))).toThrow(
    /x\.npy: expected .*one number, received type <c16/,
  );
  expect(() => read(npy("<f8", "68, 2", Buffer.alloc(1088)))).toThrow(/received shape \(68, 2\)/);
  expect(() => read(npyString("happy"))).toThrow(/received type <U5/);
  expect(() => read(npy("<f8", "", Buffer.alloc(3)))).toThrow(/one number/);
  expect(() => read(Buffer.from("0.5"))).toThrow(/received something else/);
  expect(() => readNpyScalar("/nowhere/x.npy")).toThrow(/expected a label file/);
});

it("takes a string for as long as the file, whatever its header says", () => {
  expect(read(npy("<U99999999999", "", Buffer.from([0x31, 0, 0, 0, 0x30, 0, 0, 0])))).toBe(10);
  expect(read(npy("|S4294967295", "", Buffer.from("0.5\0")))).toBe(0.5);
});
