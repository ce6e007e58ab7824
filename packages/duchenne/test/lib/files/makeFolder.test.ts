import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { FrameStore } from "../../../src/data/store/index.ts";
import { AtomicFile, AtomicFolder, writeFileAtomically } from "../../../src/lib/files/atomicFolder.ts";
import { makeFolder } from "../../../src/lib/files/makeFolder.ts";
import { OPTIONS } from "../../data/store/synthetic.ts";

const folder = mkdtempSync(join(tmpdir(), "duchenne-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("makeFolder", () => {
  it("makes what is missing, and leaves what is there", () => {
    makeFolder(join(folder, "a/b/c"));
    makeFolder(join(folder, "a/b/c"));
    expect(statSync(join(folder, "a/b/c")).isDirectory()).toBe(true);
  });

  it("names the folder that cannot be made, and what to do", () => {
    writeFileSync(join(folder, "file"), "");
    const wanted = join(folder, "file/x/y");
    expect(() => makeFolder(wanted)).toThrow(
      `${wanted}: expected a folder that can be written, received ENOTDIR: not a directory`,
    );
    expect(() => makeFolder(join(folder, "file"))).toThrow(
      /received EEXIST.*\. Check its permissions, or choose/,
    );
  });
});

// Where Node's own recursive `mkdirSync` runs for ever.
describe.runIf(process.platform === "linux")("below /proc", () => {
  it.each([
    ["makeFolder", (path: string) => makeFolder(path)],
    ["AtomicFolder", (path: string) => new AtomicFolder(path)],
    ["AtomicFile", (path: string) => new AtomicFile(path)],
    ["writeFileAtomically", (path: string) => writeFileAtomically(path, "")],
  ])("%s fails with the path that was asked for", (_, write) => {
    for (const path of ["/proc/none", "/proc/none/deeper"])
      expect(() => write(path)).toThrow(
        new RegExp(
          `^${path}: expected a (file|folder) that can be written, received ENOENT.*\\. Check its permissions`,
        ),
      );
  });

  it("a store fails as a store", () => {
    expect(() => FrameStore.create("/proc/none/films.store", OPTIONS)).toThrow(
      /^\/proc\/none\/films\.store: expected a folder that can be written, received ENOENT.*\. Check its permissions\.$/,
    );
  });
});
