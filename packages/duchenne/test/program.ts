import { fileURLToPath } from "node:url";

/** The command as it is installed: run from source it would take twice as long to start. `scripts/freshBuild.ts` builds it. */
export const PROGRAM = fileURLToPath(new URL("../bin/duchenne.js", import.meta.url));
