/** The declarations of installed packages and the documents' programs, under the settings that users have. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { documents, readBlocks } from "../packages/duchenne/test/docs/blocks.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const TSC = join(ROOT, "node_modules/.bin/tsc");

const STRICT = {
  strict: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  target: "es2022",
} as const;
const NODENEXT = { module: "nodenext", moduleResolution: "nodenext" } as const;
const BUNDLER = { module: "esnext", moduleResolution: "bundler" } as const;

interface Project {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string>>;
}

/** An import path of an installed package, as its package.json has it. */
interface Entry {
  readonly name: string;
  /** True if it has types and no code. */
  readonly isType: boolean;
}

function entriesOf(place: string): Entry[] {
  const modules = join(place, "node_modules");
  const names = ["duchenne", ...readdirSync(join(modules, "@duchenne")).map((name) => `@duchenne/${name}`)];
  return names.flatMap((name) => {
    const { exports } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8")) as {
      exports: Readonly<Record<string, { types?: string; default?: string }>>;
    };
    return Object.entries(exports).flatMap(([path, { types, default: built }]) =>
      types === undefined ? [] : [{ name: `${name}${path.slice(1)}`, isType: built === undefined }],
    );
  });
}

/** Entries that a browser can import: they must not ask for the types of Node. */
const IN_BROWSERS = new Set(["@duchenne/crop", "@duchenne/model-fer", "@duchenne/predict"]);

function projects(place: string): Project[] {
  const imports = (entries: readonly Entry[]) =>
    entries
      .map(({ name, isType }, i) =>
        isType
          ? `import type * as entry${i} from "${name}";\nexport type Of${i} = typeof entry${i};`
          : `import * as entry${i} from "${name}";\nvoid entry${i};`,
      )
      .join("\n");
  const entries = entriesOf(place);
  const everything = { "entries.ts": imports(entries) };
  const browser = { "entries.ts": imports(entries.filter(({ name }) => IN_BROWSERS.has(name))) };
  const blocks = documents().flatMap((file) => readBlocks(file));
  const programs = {
    ...Object.fromEntries(
      blocks.map((block) => [
        `${block.file.replaceAll("/", "__")}.${block.line}.ts`,
        `${block.text}\nexport {};\n`,
      ]),
    ),
    ...examples(),
  };
  const withNode = { lib: ["es2022", "esnext.disposable", "dom", "dom.iterable"], types: ["node"] };
  return [
    { name: "nodenext", options: { ...NODENEXT, lib: ["es2022"], types: [] }, files: everything },
    { name: "bundler", options: { ...BUNDLER, lib: ["es2022"], types: [] }, files: everything },
    { name: "bundler-dom", options: { ...BUNDLER, lib: ["es2022", "dom"], types: [] }, files: everything },
    { name: "browser", options: { ...BUNDLER, lib: ["es2022", "dom"], types: [] }, files: browser },
    { name: "documents-nodenext", options: { ...NODENEXT, ...withNode }, files: programs },
    { name: "documents-bundler", options: { ...BUNDLER, ...withNode }, files: programs },
  ];
}

/** The example programs, by the names that they get. */
function examples(): Record<string, string> {
  const files = readdirSync(join(ROOT, "examples"), { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    files
      .filter((file) => file.endsWith(".ts"))
      .map((file) => [
        `examples__${file.replaceAll("/", "__")}`,
        readFileSync(join(ROOT, "examples", file), "utf8"),
      ]),
  );
}

/** Types that documented programs import besides, from the clone. */
const BORROWED = [
  "@types/node",
  "undici-types",
  "onnxruntime-web",
  "onnxruntime-node",
  "onnxruntime-common",
  "sharp",
];

/** @param place a folder with installed packages   @throws Error with what the compiler says */
export function checkTypes(place: string): void {
  const complaints = projects(place).flatMap(({ name, options, files }) => {
    const folder = join(place, `types-${name}`);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...STRICT, ...options } }),
    );
    if (name.startsWith("documents")) borrow(folder);
    const { status, stdout, stderr } = spawnSync(TSC, ["-p", folder], { cwd: folder, encoding: "utf8" });
    return status === 0 ? [] : [`${name}:\n${stdout}${stderr}`];
  });
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
}

function borrow(folder: string): void {
  for (const name of BORROWED) {
    const link = join(folder, "node_modules", name);
    mkdirSync(join(link, ".."), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), link);
  }
}
