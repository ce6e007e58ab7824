import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Versions recorded in the manifest. The workspace's packages carry one version together. */
export function packageVersions(): Record<string, string> {
  return { duchenne: (require("../../../package.json") as { version: string }).version };
}
