import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import {
  AddonError,
  build,
  buildAtInstall,
  findAddon,
  findLoadable,
  openAddon,
  whyNoneFits,
} from "../src/index.mjs";
import { type Made, makePackage } from "./support.ts";

const LINE = /^@test\/small: building the small addon for Node [\d.]+ and small 1\.2, once: a second\n$/;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A process that opens the addon. */
function use({ root }: Made, env: NodeJS.ProcessEnv = {}, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, "use.mjs"), ...args], {
      env: { ...process.env, ...env },
    });
    const said = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const)
      child[name].setEncoding("utf8").on("data", (text: string) => {
        said[name] += text;
      });
    child.once("close", (status) => resolve({ status, ...said }));
  });
}

const folders = ({ root }: Pick<Made, "root">): string[] =>
  existsSync(join(root, "build")) ? readdirSync(join(root, "build")).sort() : [];

describe("at first use", () => {
  test("two processes build once, and each of them says one line", async () => {
    const made = makePackage();
    const ended = await Promise.all([use(made), use(made)]);
    expect(ended.map(({ status, stdout }) => [status, stdout])).toEqual([
      [0, "7\n"],
      [0, "7\n"],
    ]);
    const lines = ended.map(({ stderr }) => stderr).sort();
    expect(lines[0]).toMatch(LINE);
    expect(lines[1]).toMatch(/^(@test\/small: process \d+ is building the small addon; waiting for it\n)?$/);
    expect(folders(made)).toEqual([expect.stringMatching(/^napi8-1\.2-[0-9a-f]{6}$/)]);
    expect(await use(made)).toEqual({ status: 0, stdout: "7\n", stderr: "" });
  });

  test("threads of a process wait for the one that builds, without a word", async () => {
    const made = makePackage();
    const { status, stdout, stderr } = await use(made, {}, "3");
    expect([status, stdout]).toEqual([0, "7\n7\n7\n"]);
    expect(stderr).toMatch(LINE);
  });

  test("builds in the user's cache if the package cannot be written", async () => {
    const made = makePackage();
    // A file where the folder would be: also root cannot write into it.
    writeFileSync(join(made.root, "build"), "");
    const cache = mkdtempSync(join(tmpdir(), "duchenne-cache-"));
    const first = await use(made, { XDG_CACHE_HOME: cache });
    expect([first.status, first.stdout]).toEqual([0, "7\n"]);
    expect(first.stderr).toMatch(LINE);
    const [version] = readdirSync(join(cache, "duchenne/addons"));
    expect(version).toMatch(/^small-0\.1\.0-[0-9a-f]{8}$/);
    expect(await use(made, { XDG_CACHE_HOME: cache })).toEqual({ status: 0, stdout: "7\n", stderr: "" });
    rmSync(cache, { recursive: true });
  });

  test("names both places if none can be written", async () => {
    const made = makePackage();
    writeFileSync(join(made.root, "build"), "");
    const { status, stderr } = await use(made, { XDG_CACHE_HOME: join(made.root, "build") });
    expect(status).toBe(1);
    expect(stderr).toContain("Set XDG_CACHE_HOME to a folder that can be written.");
  });

  test("does not build if DUCHENNE_SKIP_BUILD is set", async () => {
    const made = makePackage();
    const { status, stderr } = await use(made, { DUCHENNE_SKIP_BUILD: "1" });
    expect(status).toBe(1);
    expect(stderr).toContain("it has not been built, and DUCHENNE_SKIP_BUILD forbids building it.");
    expect(folders(made)).toEqual([]);
  });

  test("says what to install if the library is missing", async () => {
    const { status, stderr } = await use(makePackage({ missing: true }));
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /it has not been built, and building it failed\. small was not found: install libsmall-dev/,
    );
    expect(stderr).toContain("npx duchenne doctor");
  });

  test("shows what the compiler said", async () => {
    const made = makePackage();
    writeFileSync(join(made.root, "native/small.c"), "#error this does not compile\n");
    const { status, stderr } = await use(made);
    expect(status).toBe(1);
    expect(stderr).toMatch(/build\.log ends with:[\s\S]*#error this does not compile/);
  });
});

describe("a build that no longer fits", () => {
  const built = (): Made => {
    const made = makePackage();
    build(made.addon);
    expect(existsSync(findAddon(made.addon)!.file)).toBe(true);
    return made;
  };

  test("is not taken for another interface of Node, and both lie side by side", () => {
    const { addon } = built();
    const other = { ...addon, abi: "napi9" };
    expect(findAddon(other)).toBeUndefined();
    expect(whyNoneFits(other)).toMatch(
      /^it is built for Node's interface napi8 on \S+, this is napi9 on \S+$/,
    );
    expect(build(other).file).not.toBe(build(addon).file);
    expect(findAddon(addon)?.file).toContain("napi8");
  });

  test("is not taken if the library has changed or is gone", () => {
    const { addon, library } = built();
    const first = findAddon(addon)!.file;
    writeFileSync(library, "another build of it");
    expect(whyNoneFits(addon)).toBe(`${library} has changed since it was built`);
    expect(openAddon(addon).built.file).not.toBe(first);
    rmSync(library);
    expect(whyNoneFits(addon)).toBe(`${library} is gone since it was built`);
  });

  test("is not taken if the environment asks for another, or the processor lacks a feature", () => {
    const { addon, root } = built();
    expect(whyNoneFits({ ...addon, accepts: () => false })).toMatch(/^it is built against small 1\.2/);
    const [folder] = readdirSync(join(root, "build"));
    const file = join(root, "build", folder!, "small.json");
    writeFileSync(file, readFileSync(file, "utf8").replace('"features": []', '"features": ["avx9999"]'));
    expect(findAddon(addon)).toBeUndefined();
    expect(whyNoneFits(addon)).toBe("it is built for a processor with avx9999");
  });

  test("is built again if the sources change", () => {
    const { addon, root } = built();
    const file = findAddon(addon)!.file;
    writeFileSync(
      join(root, "native/small.c"),
      readFileSync(join(root, "native/small.c"), "utf8").replace("WORD", "8"),
    );
    expect(build(addon).file).toBe(file);
    expect(openAddon(addon).exports).toBe(8);
  });
});

describe("a build that the package ships", () => {
  /** A package whose build was made elsewhere. @param content of the file; default: one that loads */
  const shipped = (content?: string): Made & { readonly file: string } => {
    const made = makePackage();
    const compile = (_: unknown, __: unknown, folder: string): string => {
      const file = join(folder, "compiled");
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, content!);
      return file;
    };
    const place = join(made.root, "prebuilt");
    const { file } = build(made.addon, { place, ...(content !== undefined && { compile }) });
    // All that it needs is in it.
    const record = file.replace(/small\.node$/, "small.json");
    const { libraries: _, ...rest } = JSON.parse(readFileSync(record, "utf8")) as Record<string, unknown>;
    writeFileSync(record, JSON.stringify({ ...rest, libraries: [] }));
    return { ...made, file };
  };

  test("is taken, and nothing is built", () => {
    const { addon, file, root, library } = shipped();
    rmSync(library);
    buildAtInstall(addon);
    expect(openAddon(addon)).toMatchObject({ exports: 7, built: { file } });
    expect(folders({ root })).toEqual([]);
  });

  test("is passed over if it does not load: the first use builds one", async () => {
    const made = shipped("linked against a C library that is newer than this machine's");
    const { addon, file, root } = made;
    expect(findAddon(addon)?.file).toBe(file);
    expect(findLoadable(addon)).toBeUndefined();
    expect(whyNoneFits(addon)).toMatch(/^the one in the package does not load: .*small\.node/);
    expect(await use(made)).toEqual({ status: 0, stdout: "7\n", stderr: expect.stringMatching(LINE) });
    expect(findLoadable(addon)?.file).toContain(join(root, "build"));
  });

  test("is passed over if it does not load: the installation builds one", () => {
    const { addon, root } = shipped("no shared object");
    buildAtInstall(addon);
    expect(findLoadable(addon)?.file).toContain(join(root, "build"));
  });
});

describe("the lock", () => {
  test("of a process that has died is taken over", () => {
    const { addon, root } = makePackage();
    const { status } = spawnSync(process.execPath, ["-e", ""]);
    expect(status).toBe(0);
    const { pid } = spawnSync(process.execPath, ["-e", ""]);
    const name = `${findName(addon)}.lock`;
    build(addon);
    rmSync(join(root, "build", findName(addon)), { recursive: true });
    writeFileSync(join(root, "build", name), JSON.stringify({ pid, host: hostname(), since: Date.now() }));
    expect(existsSync(build(addon).file)).toBe(true);
    expect(existsSync(join(root, "build", name))).toBe(false);
  });

  /** Of the folder that a build makes, without building. */
  function findName(addon: Made["addon"]): string {
    const { file } = build(addon);
    return file.split("/").at(-2)!;
  }
});

describe("at installation", () => {
  afterEach(() => {
    delete process.env.DUCHENNE_SKIP_BUILD;
  });

  test("builds where it can, and never throws", () => {
    const { addon } = makePackage();
    process.env.DUCHENNE_SKIP_BUILD = "1";
    buildAtInstall(addon);
    expect(findAddon(addon)).toBeUndefined();
    delete process.env.DUCHENNE_SKIP_BUILD;
    buildAtInstall(addon);
    expect(existsSync(findAddon(addon)!.file)).toBe(true);
    expect(() => buildAtInstall(makePackage({ missing: true }).addon)).not.toThrow();
    expect(() => build(makePackage({ missing: true }).addon)).toThrow(AddonError);
  });
});
