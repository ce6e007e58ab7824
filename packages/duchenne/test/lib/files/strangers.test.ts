import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { strangerIn } from "../../../src/lib/files/strangers.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";

const OURS = ["config.json", "onnx/model.onnx"];

it("finds what would be lost, in the folder and in those in it, and the file that a path is", () => {
  const folder = temporaryFolder();
  const put = (name: string) => writeFileSync(join(folder, name), "");
  expect(strangerIn(join(folder, "none"), OURS)).toBeUndefined();
  put("config.json");
  mkdirSync(join(folder, "onnx"));
  put("onnx/model.onnx");
  expect(strangerIn(folder, OURS)).toBeUndefined();
  put("onnx/mine.onnx");
  expect(strangerIn(folder, OURS)).toBe("onnx/mine.onnx");
  put(".git");
  expect(strangerIn(folder, OURS)).toBe(".git");
  expect(strangerIn(join(folder, "config.json"), OURS)).toBe("config.json");
});
