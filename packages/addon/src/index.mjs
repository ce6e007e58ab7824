// Builds a package's native addon where it is used, and finds the build that fits this process.
export { build, buildAtInstall } from "./build.mjs";
export { AddonError } from "./errors.mjs";
export { findAddon, findLoadable, whyNoneFits } from "./find.mjs";
export { identityOf } from "./identity.mjs";
export { openAddon } from "./open.mjs";
export { runBuildScript } from "./script.mjs";
