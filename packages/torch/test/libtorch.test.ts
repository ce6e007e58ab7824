import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { findLibtorch, LibtorchError } from "../scripts/libtorch.mjs";

const root = mkdtempSync(join(tmpdir(), "libtorch-test-"));
afterAll(() => rmSync(root, { recursive: true }));

const library = (name: string) => (process.platform === "darwin" ? `lib${name}.dylib` : `lib${name}.so`);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(root, "case-"));
});

function write(path: string, text = ""): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function versionHeader(version: string): string {
  const [major, minor, patch] = version.split(".");
  return `#pragma once
#define TORCH_VERSION_MAJOR ${major}
#define TORCH_VERSION_MINOR ${minor}
#define TORCH_VERSION_PATCH ${patch}
`;
}

interface Made {
  version?: string;
  /** Since 2.9 the numbers are elsewhere and version.h only includes that file. */
  movedVersion?: boolean;
  libraryFolder?: string;
  libraries?: string[];
  c10?: string;
}

/** A folder that looks like a libtorch as far as the search looks. */
function make(name: string, made: Made = {}): string {
  const { version = "2.6.0", movedVersion = false, libraryFolder = "lib", libraries = [] } = made;
  const prefix = join(folder, name);
  const api = join(prefix, "include/torch/csrc/api/include/torch/version.h");
  write(join(prefix, "include/ATen/ATen.h"));
  write(api, movedVersion ? "#include <torch/headeronly/version.h>\n" : versionHeader(version));
  if (movedVersion) write(join(prefix, "include/torch/headeronly/version.h"), versionHeader(version));
  for (const file of ["torch", "torch_cpu", ...libraries]) write(join(prefix, libraryFolder, library(file)));
  write(
    join(prefix, libraryFolder, library("c10")),
    made.c10 ?? "_ZN3c105ErrorC2ENSt7__cxx1112basic_stringE",
  );
  return prefix;
}

/** A Python that answers the one question it is asked: where its torch is. */
function makePython(path: string, torch: string): string {
  write(path, `#!/bin/sh\necho "${torch}"\n`);
  chmodSync(path, 0o755);
  return path;
}

describe("where libtorch is looked for", () => {
  let prefixes: string[];
  let env: Record<string, string>;
  beforeEach(() => {
    prefixes = [make("system", { version: "1.13.1" })];
    makePython(join(folder, "bin/python3"), make("python", { version: "2.6.0" }));
    env = { LIBTORCH: make("named", { version: "2.13.0" }), PATH: join(folder, "bin") };
  });
  const found = () => {
    const { source, prefix, version } = findLibtorch(env, prefixes) ?? {};
    return [source, prefix, version];
  };

  test("LIBTORCH before a Python's before the system's", () => {
    expect(found()).toEqual(["LIBTORCH", join(folder, "named"), "2.13.0"]);
    delete env.LIBTORCH;
    expect(found()).toEqual(["python", join(folder, "python"), "2.6.0"]);
    env.PATH = join(folder, "nothing here");
    expect(found()).toEqual(["system", join(folder, "system"), "1.13.1"]);
    prefixes = [];
    expect(findLibtorch(env, prefixes)).toBeUndefined();
  });

  test("an empty LIBTORCH counts as none", () => {
    env.LIBTORCH = "";
    expect(found()[0]).toBe("python");
  });

  test("a relative LIBTORCH is the folder seen from here", () => {
    env.LIBTORCH = relative(process.cwd(), join(folder, "named"));
    expect(found()[1]).toBe(join(folder, "named"));
  });

  test("PYTHON before the python3 of PATH", () => {
    delete env.LIBTORCH;
    env.PYTHON = makePython(join(folder, "venv/python"), make("venv torch", { version: "2.7.1" }));
    expect(found()).toEqual(["python", join(folder, "venv torch"), "2.7.1"]);
  });

  test.each([
    ["has no torch", (path: string) => makePython(path, "")],
    ["does not exist", (path: string) => path],
    ["has a torch without headers", (path: string) => makePython(path, join(folder, "bare"))],
    ["has a torch from before 1.13", (path: string) => makePython(path, make("old", { version: "1.12.1" }))],
  ])("a PYTHON that %s is passed over for the next place", (_, python) => {
    delete env.LIBTORCH;
    env.PYTHON = python(join(folder, "other/python"));
    env.PATH = join(folder, "nothing here");
    expect(found()[0]).toBe("system");
  });

  test.each([
    ["is missing", () => join(folder, "missing")],
    ["holds something else", () => folder],
    ["is too old", () => make("old", { version: "1.12.1" })],
    ["has headers alone", () => make("headers", { libraryFolder: "elsewhere" })],
  ])("a LIBTORCH that %s is an error, not a fallback", (_, named) => {
    env.LIBTORCH = named();
    expect(() => findLibtorch(env, prefixes)).toThrow(LibtorchError);
    expect(() => findLibtorch(env, prefixes)).toThrow(
      `include/ATen/ATen.h and lib/${library("torch_cpu")} of libtorch 1.13 or newer, received ${env.LIBTORCH}`,
    );
  });
});

describe("what is read from a libtorch", () => {
  const inspect = (made: Made) => findLibtorch({ LIBTORCH: make("torch", made) });

  test.each<[string, string, boolean]>([
    ["1.13.1", "gnu++17", false],
    ["2.6.0", "gnu++17", false],
    ["2.13.0", "gnu++20", true],
  ])("version %s: %s; version.h moved: %s", (version, standard, movedVersion) => {
    expect(inspect({ version, movedVersion })).toMatchObject({ version, standard });
  });

  test.each(["lib", "lib64", "lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu"])("libraries in %s", (name) => {
    expect(inspect({ libraryFolder: name })?.libraryFolder).toBe(join(folder, "torch", name));
  });

  test("CUDA's libraries, linked where they are", () => {
    expect(inspect({})).toMatchObject({ cuda: false, libraries: ["torch", "torch_cpu", "c10"] });
    expect(inspect({ libraries: ["torch_cuda", "c10_cuda"] })).toMatchObject({
      cuda: true,
      libraries: ["torch", "torch_cpu", "c10", "torch_cuda", "c10_cuda"],
    });
  });

  // Only Linux has two.
  test.runIf(process.platform === "linux")("the std::string that c10 was built with", () => {
    expect(inspect({})?.cxx11Abi).toBe(true);
    expect(inspect({ c10: "_ZN3c105ErrorC2ESs" })?.cxx11Abi).toBe(false);
  });

  // As a system header folder it would come before the C library's, whose headers then miss each other.
  test.runIf(existsSync("/usr/include/ATen/ATen.h"))(
    "/usr/include is not named to the compiler again",
    () => {
      expect(findLibtorch({ PATH: "" }, ["/usr"])?.includes).toEqual(["/usr/include/torch/csrc/api/include"]);
    },
  );
});
