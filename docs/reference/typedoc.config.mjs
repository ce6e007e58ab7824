import { PUBLIC_ENTRIES } from "./publicEntries.mjs";

/** @type {import("typedoc").TypeDocOptions} */
export default {
  name: "duchenne",
  tsconfig: "tsconfig.json",
  plugin: ["./plugin.mjs"],
  entryPoints: PUBLIC_ENTRIES.map(({ file }) => file),
  readme: "../../README.md",
  projectDocuments: ["../*.md", "../experiments/*.md"],
  highlightLanguages: ["bibtex", "html", "javascript", "json", "sh", "typescript", "yaml"],
  out: "dist",
  excludeInternal: true,
  excludePrivate: true,
  excludeExternals: true,
  packagesRequiringDocumentation: [
    "duchenne",
    "@duchenne/crop",
    "@duchenne/face",
    "@duchenne/model-fer",
    "@duchenne/predict",
    "@duchenne/torch",
  ],
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
  treatValidationWarningsAsErrors: true,
  validation: {
    notDocumented: true,
    notExported: false,
    invalidLink: true,
    rewrittenLink: true,
    invalidPath: true,
  },
};
