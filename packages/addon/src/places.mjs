// Where builds lie: in the package, or in the user's cache if the package's folder is read-only.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, relative, sep } from "node:path";
import { AddonError } from "./errors.mjs";

/** Digest of the sources of an addon. */
export function sourcesDigest(addon) {
  const hash = createHash("sha256");
  const folder = join(addon.root, "native");
  for (const name of sourceFiles(addon)) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest("hex");
}

/** Paths of an addon's sources within its folder `native`, sorted. */
export function sourceFiles(addon) {
  const folder = join(addon.root, "native");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** Names of an addon's builds begin with this. */
export const prefixOf = (addon) => `${addon.abi}-`;

const inPackage = (addon) => join(addon.root, "build");
/** Shipped with the package, where one file serves a platform. */
const prebuilt = (addon) => join(addon.root, "prebuilt");

/** True for a file that the package shipped: it was linked on another machine. */
export const isShipped = (addon, file) => file.startsWith(join(prebuilt(addon), sep));

function userCache(env) {
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, "duchenne");
  return join(homedir(), process.platform === "darwin" ? "Library/Caches" : ".cache", "duchenne");
}

/** One for each version of the sources: the cache outlives the package. */
const inCache = (addon) =>
  join(
    userCache(process.env),
    "addons",
    `${addon.name}-${addon.packageVersion}-${sourcesDigest(addon).slice(0, 8)}`,
  );

/** Folders to look for builds in. The last costs the reading of the sources: it comes only if it is asked for. */
export function* places(addon) {
  yield inPackage(addon);
  yield prebuilt(addon);
  yield inCache(addon);
}

/** The folder to build in. @throws AddonError if neither the package nor the cache can be written */
export function writablePlace(addon) {
  const candidates = [inPackage(addon), inCache(addon)];
  const found = candidates.find(isWritable);
  if (found !== undefined) return found;
  throw new AddonError(
    `${addon.title}: expected a folder that can be written, received read-only ${candidates.join(" and ")}. ` +
      "Set XDG_CACHE_HOME to a folder that can be written.",
  );
}

/** Tried, for permissions do not tell of a read-only mount. */
function isWritable(folder) {
  const probe = join(folder, `.probe-${process.pid}`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(probe, "");
    rmSync(probe);
    return true;
  } catch {
    return false;
  }
}
