/** The repository's TypeScript modules: what each imports and exports, as a parser has it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path/posix";
import { parseSync, type StaticExportEntry } from "oxc-parser";

/** A file or a name, and the line that mentions it. */
export interface Mention {
  readonly name: string;
  readonly line: number;
}

export interface Import extends Mention {
  /** Whether nothing but types is imported, so that nothing of it is left when the program runs. */
  readonly isType: boolean;
}

/** A name that a module exports. */
export interface Export extends Mention {
  /** Whether it is an interface or a type alias. */
  readonly isType: boolean;
}

export interface SourceModule {
  /** Path from the repository's root, "/" between folders. */
  readonly file: string;
  /** Files of this repository that the module imports or re-exports. */
  readonly imports: readonly Import[];
  /** Names that the module declares and exports; names that it re-exports are not among them. */
  readonly exports: readonly Export[];
  /** Modules that it imports or exports as a namespace, as in `export * as blur from "./blur.ts"`; no file if not ours. */
  readonly namespaces: readonly { readonly name: string; readonly file: string | undefined }[];
}

const SOURCE_FOLDERS = ["packages", "apps"].flatMap((parent) =>
  readdirSync(parent).map((name) => `${parent}/${name}`),
);

/** @returns every module of the packages and apps, without tests, sorted by path */
export function readModules(): SourceModule[] {
  const entries = packageEntries();
  return SOURCE_FOLDERS.flatMap((folder) =>
    readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"))
      .sort()
      .map((name) => readModule(join(folder, "src", name), entries)),
  );
}

/** Source files by the name that other packages import them by. */
export function packageEntries(): Map<string, string> {
  return new Map(
    SOURCE_FOLDERS.flatMap((folder) => {
      const { name, exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      return Object.entries<{ source?: string }>(exports).flatMap(([path, { source }]) =>
        source === undefined ? [] : [[join(name, path), join(folder, source)] as const],
      );
    }),
  );
}

function readModule(file: string, entries: ReadonlyMap<string, string>): SourceModule {
  const text = readFileSync(file, "utf8");
  const { errors, module } = parseSync(file, text);
  if (errors[0]) throw new SyntaxError(`${file}: expected TypeScript, received: ${errors[0].message}`);
  const lineOf = (offset: number) => text.slice(0, offset).split("\n").length;
  const resolve = (specifier: string) =>
    specifier.startsWith(".") ? join(file, "..", specifier) : entries.get(specifier);
  const requested = [
    ...module.staticImports,
    ...module.staticExports.map(({ entries }) => ({ moduleRequest: entries[0]?.moduleRequest, entries })),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
      moduleRequest: { start, value: text.slice(start + 1, end - 1) },
      entries: [],
    })),
  ];
  const imported = module.staticImports.flatMap(({ entries, moduleRequest }) =>
    entries.map((entry) => ({ ...entry, file: resolve(moduleRequest.value) })),
  );
  const exported = module.staticExports.flatMap(({ entries }) => entries);
  const isDeclared = ({ moduleRequest, localName, exportName }: StaticExportEntry) =>
    !moduleRequest &&
    exportName.name !== null &&
    !imported.some((entry) => entry.localName.value === localName.name);
  return {
    file,
    imports: requested.flatMap(({ moduleRequest: request, entries }) => {
      const name = request && resolve(request.value);
      const isType = entries.length > 0 && entries.every(({ isType }) => isType);
      return name ? [{ name, line: lineOf(request.start), isType }] : [];
    }),
    exports: exported
      .filter(isDeclared)
      .map(({ exportName, start, isType }) => ({ name: exportName.name!, line: lineOf(start), isType })),
    namespaces: [
      ...exported.filter(isNamespace).map(({ exportName, moduleRequest }) => ({
        name: exportName.name!,
        file: resolve(moduleRequest!.value),
      })),
      ...imported
        .filter(({ importName }) => importName.kind === "NamespaceObject")
        .map(({ localName, file }) => ({ name: localName.value, file })),
    ],
  };
}

const isNamespace = ({ importName, exportName }: StaticExportEntry): boolean =>
  importName.kind === "All" && exportName.name !== null;
