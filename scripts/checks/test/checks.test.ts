import { expect, test } from "vitest";
import { architectureProblems } from "../architecture.ts";
import { errorProblems } from "../errors.ts";
import { readModules, type SourceModule } from "../modules.ts";
import { nameProblems } from "../names.ts";

const SOURCE = "packages/duchenne/src";

/** A module of made-up sources: "file: imported files, or types from them; exported names". */
function moduleOf(file: string, imports: readonly string[], names: readonly string[] = []): SourceModule {
  return {
    file: `${SOURCE}/${file}`,
    imports: imports.map((name) => ({
      name: `${SOURCE}/${name.replace("type ", "")}`,
      line: 3,
      isType: name.startsWith("type "),
    })),
    exports: names.map((name) => ({ name, line: 7, isType: false })),
    namespaces: [],
  };
}

test("the repository has no problem", () => {
  const modules = readModules();
  expect([...architectureProblems(modules), ...nameProblems(modules)]).toEqual([]);
});

test("imports run downwards", () => {
  expect(architectureProblems([moduleOf("ssl/a.ts", ["data/store/b.ts", "lib/c.ts"])])).toEqual([]);
  const upward = architectureProblems([moduleOf("lib/a.ts", ["type data/store/b.ts"])]);
  expect(upward).toEqual([
    `${SOURCE}/lib/a.ts:3: upward import: lib imports ${SOURCE}/data/store/b.ts, and data is not below lib`,
  ]);
  expect(architectureProblems([moduleOf("studio/a.ts", ["demo/b.ts"])])).toHaveLength(1);
  expect(architectureProblems([moduleOf("data/a.ts", ["index.ts"])])[0]).toContain("which is above it");
  expect(architectureProblems([moduleOf("fresh/a.ts", ["lib/b.ts"])])[0]).toContain("has no place in");
});

test("an import upwards is one problem, not each circle that it closes as well", () => {
  const modules = [moduleOf("lib/a.ts", ["data/b.ts"]), moduleOf("data/b.ts", ["lib/a.ts"])];
  expect(architectureProblems(modules)).toHaveLength(1);
});

test("packages do not import what is above them", () => {
  const torch = { ...moduleOf("", ["index.ts"]), file: "packages/torch/src/a.ts" };
  expect(architectureProblems([torch])[0]).toContain("upward import: torch imports packages/duchenne");
});

test("the app imports public entries", () => {
  const app = (imported: string) => ({ ...moduleOf("", [imported]), file: "apps/studio/src/a.ts" });
  expect(architectureProblems([app("data/index.ts")])).toEqual([]);
  expect(architectureProblems([app("data/store/frameStore.ts")])[0]).toContain("is no public entry");
});

test("no circle between folders, parent and child alike, types alone among them", () => {
  const [circle, ...others] = architectureProblems([
    moduleOf("lib/a/x.ts", ["type lib/b/y.ts"]),
    moduleOf("lib/b/y.ts", ["lib/c/z.ts"]),
    moduleOf("lib/c/z.ts", ["lib/a/w.ts"]),
  ]);
  expect(others).toEqual([]);
  expect(circle).toContain(`circle between folders: ${SOURCE}/lib/a → ${SOURCE}/lib/b → ${SOURCE}/lib/c →`);
  expect(circle).toContain(`${SOURCE}/lib/b/y.ts:3 imports ${SOURCE}/lib/c/z.ts`);
  const kin = [moduleOf("lib/x.ts", ["lib/a/y.ts"]), moduleOf("lib/a/y.ts", ["lib/errors.ts"])];
  expect(architectureProblems(kin)).toHaveLength(1);
});

test("an index may present its folder's children", () => {
  const modules = [moduleOf("lib/index.ts", ["lib/a/y.ts"]), moduleOf("lib/a/y.ts", ["lib/errors.ts"])];
  expect(architectureProblems(modules)).toEqual([]);
});

test("no circle between files that are left when the program runs", () => {
  const circle = [moduleOf("lib/x.ts", ["lib/y.ts"]), moduleOf("lib/y.ts", ["lib/x.ts"])];
  expect(architectureProblems(circle)).toHaveLength(1);
  expect(architectureProblems([circle[0]!, moduleOf("lib/y.ts", ["type lib/x.ts"])])).toEqual([]);
});

test("no two files of a package export one name, unless it is a value in a namespace", () => {
  const [one, other] = [moduleOf("lib/x.ts", [], ["Plan"]), moduleOf("data/y.ts", [], ["Plan"])];
  expect(nameProblems([one, other])).toEqual([
    `two exports of one name in packages/duchenne: Plan\n    ${SOURCE}/lib/x.ts:7\n    ${SOURCE}/data/y.ts:7`,
  ]);
  const presenting = { ...moduleOf("index.ts", []), namespaces: [{ name: "y", file: other.file }] };
  expect(nameProblems([one, other, presenting])).toEqual([]);
  const type = { ...other, exports: [{ name: "Plan", line: 7, isType: true }] };
  expect(nameProblems([one, type, presenting])).toHaveLength(1);
  expect(nameProblems([one, { ...other, file: "packages/face/src/y.ts" }])).toEqual([]);
});

test("a message says what was expected, what came and what to do", () => {
  const problemsOf = (message: string) => errorProblems("x.ts", `throw new RangeError(${message});`);
  expect(problemsOf('"f: expected a or b, received " + x + ". Pass one of them."')).toEqual([]);
  expect(problemsOf("cause.message")).toEqual([]);
  expect(problemsOf('cause.message + " See --help."')).toEqual([]);
  for (const message of [
    '"f: x is wrong"',
    '"expected a, received b"',
    '"no a: " + x',
    '"a failed. Try again."',
    'file + " is bad"',
    '"f: expected a, received " + x + ", " + y',
    '"f: expected a, received " + x + ": " + why',
  ])
    expect(problemsOf(message), message).toHaveLength(1);
});
