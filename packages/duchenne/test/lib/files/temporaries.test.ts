import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { AtomicFolder, writeFileAtomically } from "../../../src/lib/files/atomicFolder.ts";
import { temporaryFolder } from "../../data/store/synthetic.ts";

const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
const ID = "00000000-0000-0000-0000-000000000000";

/** The id of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

it("a second run removes what a killed one left of the same file, and nothing else", () => {
  const folder = temporaryFolder();
  const name = (file: string, host: string, pid: number) => `.${file}.${host}-${pid}-${ID}.tmp`;
  const stay = [
    name("other.json", HOST, deadPid()),
    name("result.json", HOST, process.pid),
    name("result.json", "ffffffff", deadPid()),
  ];
  for (const one of [...stay, name("result.json", HOST, deadPid())]) writeFileSync(join(folder, one), "half");
  writeFileAtomically(join(folder, "result.json"), "whole");
  expect(readdirSync(folder).sort()).toEqual([...stay, "result.json"].sort());
  expect(readFileSync(join(folder, "result.json"), "utf8")).toBe("whole");
});

it("the same for folders", () => {
  const folder = temporaryFolder();
  const left = join(folder, `.model.${HOST}-${deadPid()}-${ID}.tmp`);
  mkdirSync(left);
  new AtomicFolder(join(folder, "model")).commit();
  expect(existsSync(left)).toBe(false);
});
