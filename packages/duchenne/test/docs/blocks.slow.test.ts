import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Block, documents, REPOSITORY, readBlocks, shortened } from "./blocks.ts";
import { runInBrowser } from "./browserProgram.ts";
import { copyWorkplace, makeWorkplace } from "./workplace.ts";

const blocks = documents().flatMap((file) => readBlocks(file));
/** Inside the repository, so that packages are found by name. */
mkdirSync(join(REPOSITORY, "build"), { recursive: true });
const folder = mkdtempSync(join(REPOSITORY, "build", "blocks-"));
const workplace = join(folder, "workplace");

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Named so that an error names the document, and at the line it has there. */
const programName = ({ file, line }: Block): string => `${file.replaceAll("/", "__")}.${line}.ts`;

const place = ({ file, line }: Block): string => `${file}:${line}`;

test("every block type-checks, as a program of its own", () => {
  const checked = join(folder, "checked");
  mkdirSync(checked);
  for (const block of blocks) writeFileSync(join(checked, programName(block)), `${block.text}\nexport {};\n`);
  writeFileSync(join(checked, "tsconfig.json"), JSON.stringify(TSCONFIG));
  const tsc = join(REPOSITORY, "node_modules", ".bin", "tsc");
  const { stdout, stderr } = spawnSync(tsc, ["-p", checked], { cwd: checked, encoding: "utf8" });
  expect(
    (stdout + stderr).replace(/^(\S+?\.md)\.\d+\.ts\((\d+),/gm, (_, file, line) => {
      return `${file.replaceAll("__", "/")}:${line} (`;
    }),
  ).toBe("");
});

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    // Of the blocks, --strict alone is expected; the sources behind their imports are written for this, too.
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
    target: "es2022",
    lib: ["es2023", "esnext.disposable", "dom", "dom.iterable"],
    module: "nodenext",
    types: ["node"],
    customConditions: ["source"],
    allowImportingTsExtensions: true,
  },
};

beforeAll(() => makeWorkplace(workplace));

const runIn = (browser: boolean) =>
  blocks.filter(({ isBrowser }) => isBrowser === browser).map((block) => [place(block), block] as const);

function writeProgram(block: Block): string {
  const program = join(folder, programName(block));
  writeFileSync(program, shortened(block));
  return program;
}

test.each(runIn(false))("%s runs", (name, block) => {
  const cwd = join(folder, programName(block).replace(/\.ts$/, ""));
  copyWorkplace(workplace, cwd, block.without);
  const args = ["--import", "tsx", writeProgram(block)];
  const { status, signal, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  expect(status === 0 ? "" : `${name} ended with ${status ?? signal}\n${stderr}`).toBe("");
});

test.each(runIn(true))("%s runs in a browser", async (name, block) => {
  const complaints = await runInBrowser(writeProgram(block), workplace);
  expect(complaints.map((complaint) => `${name}: ${complaint}`)).toEqual([]);
});
