import { PACKAGE_NAMES, PUBLIC_ENTRIES } from "./publicEntries.mjs";

/** @type {import("typedoc").TypeDocOptions} */
export default {
  name: "duchenne",
  tsconfig: "tsconfig.json",
  plugin: ["./plugin.mjs"],
  entryPoints: PUBLIC_ENTRIES.map(({ file }) => file),
  readme: "../../README.md",
  projectDocuments: ["../*.md"],
  out: "dist",
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  packagesRequiringDocumentation: PACKAGE_NAMES,
  requiredToBeDocumented: [
    "Variable",
    "Function",
    "Class",
    "Interface",
    "TypeAlias",
    "Enum",
    "Namespace",
    "Method",
    "Accessor",
  ],
  validation: {
    notDocumented: true,
    notExported: false,
    invalidLink: true,
    rewrittenLink: true,
    invalidPath: true,
  },
};
