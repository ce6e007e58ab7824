// Finds the build that fits this process, without opening one.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { identityOf } from "./identity.mjs";
import { isShipped, places, prefixOf } from "./places.mjs";

/** Flags of this processor, as Linux names them. */
let processorFlags;
export function hasFeature(name) {
  if (process.platform !== "linux") return true;
  processorFlags ??= existsSync("/proc/cpuinfo")
    ? new Set(/^flags\s*:(.*)$/m.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1]?.split(/\s+/))
    : new Set();
  return processorFlags.has(name);
}

/** Builds in a folder, those for newer processors first, then newer ones first; each with what keeps it from being used: "" if nothing does. */
function buildsIn(addon, folder) {
  let names;
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names
    .flatMap((name) => readBuild(addon, join(folder, name)))
    .sort((a, b) => b.record.features.length - a.record.features.length || b.time - a.time);
}

function readBuild(addon, folder) {
  const [file, recordFile] = [join(folder, `${addon.name}.node`), join(folder, addon.recordName)];
  try {
    const record = JSON.parse(readFileSync(recordFile, "utf8"));
    const time = statSync(recordFile).mtimeMs;
    return [{ file, record, time, obstacle: obstacleOf(addon, file, record) }];
  } catch {
    return []; // Not a build, or one that is not finished.
  }
}

function obstacleOf(addon, file, record) {
  const { abi, platform, arch, libraries, features, label } = record;
  if (abi !== addon.abi || platform !== process.platform || arch !== process.arch)
    return `it is built for Node's interface ${abi} on ${platform}-${arch}, this is ${addon.abi} on ${process.platform}-${process.arch}`;
  if (addon.accepts && !addon.accepts(record))
    return `it is built against ${label}, not what the environment names`;
  const lacking = features.find((feature) => !hasFeature(feature));
  if (lacking !== undefined) return `it is built for a processor with ${lacking}`;
  for (const library of libraries) {
    const identity = identityOf(library.file);
    if (identity === undefined) return `${library.file} is gone since it was built`;
    if (identity !== library.identity) return `${library.file} has changed since it was built`;
  }
  return existsSync(file) ? "" : `${file} is gone`;
}

/** Builds that fit, the best first. */
function* fittingBuilds(addon) {
  for (const place of places(addon))
    for (const { file, record, obstacle } of buildsIn(addon, place))
      if (obstacle === "") yield { file, record };
}

/** See index.d.mts. */
export function findAddon(addon) {
  return fittingBuilds(addon).next().value;
}

/** See index.d.mts. */
export function findLoadable(addon) {
  for (const built of fittingBuilds(addon))
    if (!isShipped(addon, built.file) || whyItDoesNotLoad(built.file) === "") return built;
  return undefined;
}

/** A shipped file may need a newer C library than this machine has. @returns what the loader says; "" if it loads */
function whyItDoesNotLoad(file) {
  try {
    process.dlopen({ exports: {} }, file);
    return "";
  } catch (error) {
    return `the one in the package does not load: ${error.message}`;
  }
}

/** See index.d.mts. */
export function whyNoneFits(addon) {
  for (const place of places(addon)) {
    const builds = buildsIn(addon, place);
    // One for this Node tells more than one for another.
    const nearest = builds.find(({ record }) => `${record.abi}-` === prefixOf(addon)) ?? builds[0];
    const reason =
      nearest && (nearest.obstacle || (isShipped(addon, nearest.file) ? whyItDoesNotLoad(nearest.file) : ""));
    if (reason) return reason;
  }
  return "it has not been built";
}
