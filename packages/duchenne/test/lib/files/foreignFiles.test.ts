import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findForeignFile } from "../../../src/lib/files/foreignFiles.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";

const OURS = ["config.json", "onnx/model.onnx"];

it("finds what would be lost, in the folder and in those in it, and the file that a path is", () => {
  const folder = temporaryFolder();
  const put = (name: string) => writeFileSync(join(folder, name), "");
  expect(findForeignFile(join(folder, "none"), OURS)).toBeUndefined();
  put("config.json");
  mkdirSync(join(folder, "onnx"));
  put("onnx/model.onnx");
  expect(findForeignFile(folder, OURS)).toBeUndefined();
  put("onnx/mine.onnx");
  expect(findForeignFile(folder, OURS)).toBe("onnx/mine.onnx");
  put(".git");
  expect(findForeignFile(folder, OURS)).toBe(".git");
  expect(findForeignFile(join(folder, "config.json"), OURS)).toBe("config.json");
});
