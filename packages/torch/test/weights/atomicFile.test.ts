import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFileAtomically } from "../../src/weights/atomicFile.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "atomic-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("writeFileAtomically", () => {
  it("writes the chunks one after the other, and leaves nothing else", () => {
    writeFileAtomically(join(folder, "a"), [Buffer.from("one"), new Uint8Array(0), Buffer.from("two")]);
    expect(readFileSync(join(folder, "a"), "utf8")).toBe("onetwo");
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  it("keeps the order of short and long chunks, which share writes or not", () => {
    const chunks = [3, 2 ** 20 - 1, 1, 2 ** 20, 2 ** 21 + 1, 5, 0, 2 ** 19, 2 ** 19 - 5, 1].map((length, i) =>
      new Uint8Array(length).fill(i + 1),
    );
    writeFileAtomically(join(folder, "a"), chunks);
    expect(readFileSync(join(folder, "a")).equals(Buffer.concat(chunks))).toBe(true);
  });

  it("does not touch the old file before the new one is complete, nor after a failure", () => {
    const path = join(folder, "a");
    writeFileSync(path, "old");
    function* chunks() {
      yield Buffer.from("half of ");
      expect(readFileSync(path, "utf8")).toBe("old");
      expect(readdirSync(folder)).toHaveLength(2);
      throw new Error("disk full");
    }
    expect(() => writeFileAtomically(path, chunks())).toThrow("disk full");
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  it("removes the temporary file where the rename fails", () => {
    mkdirSync(join(folder, "a", "b"), { recursive: true });
    expect(() => writeFileAtomically(join(folder, "a"), [Buffer.from("x")])).toThrow(
      /EISDIR|ENOTEMPTY|EEXIST|EPERM/,
    );
    expect(readdirSync(folder)).toEqual(["a"]);
  });

  it("fails where the folder does not exist", () => {
    expect(() => writeFileAtomically(join(folder, "none", "x"), [])).toThrow("ENOENT");
  });
});
