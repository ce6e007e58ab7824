import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { AtomicFile, writeFolderAtomically } from "../../../src/lib/files/atomicFolder.ts";
import { WriteError } from "../../../src/lib/files/errors.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";

/** Writes where no room is. */
function writeToFullDisk(): void {
  const full = openSync("/dev/full", "w");
  try {
    writeSync(full, "x");
  } finally {
    closeSync(full);
  }
}

describe("writeFolderAtomically", () => {
  it("names the folder where the disk is full, and leaves the old one", () => {
    const folder = join(temporaryFolder(), "out");
    writeFolderAtomically(folder, (temporary) => writeFileSync(join(temporary, "a"), "old"));
    expect(() => writeFolderAtomically(folder, writeToFullDisk)).toThrow(WriteError);
    expect(() => writeFolderAtomically(folder, writeToFullDisk)).toThrow(
      `${folder}: expected a file that can be written, received ENOSPC`,
    );
    expect(readFileSync(join(folder, "a"), "utf8")).toBe("old");
    expect(readdirSync(join(folder, ".."))).toEqual(["out"]);
  });

  it("replaces a folder, and leaves nothing beside it", () => {
    const folder = join(temporaryFolder(), "out");
    for (const name of ["a", "b"])
      writeFolderAtomically(folder, (temporary) => writeFileSync(join(temporary, name), ""));
    expect([readdirSync(folder), readdirSync(join(folder, ".."))]).toEqual([["b"], ["out"]]);
  });
});

describe("AtomicFile", () => {
  it("that cannot take its place says why, and leaves nothing when given up", () => {
    const parent = temporaryFolder();
    mkdirSync(join(parent, "taken"));
    const file = new AtomicFile(join(parent, "taken"));
    file.write("x");
    expect(() => file.close()).toThrow("EISDIR");
    file.abandon();
    expect(readdirSync(parent)).toEqual(["taken"]);
  });
});
