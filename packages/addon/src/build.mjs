// Builds an addon into a folder named for what it was built for, under a lock.
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { compile as compileWithGyp } from "./compile.mjs";
import { AddonError } from "./errors.mjs";
import { findLoadable } from "./find.mjs";
import { identityOf } from "./identity.mjs";
import { withLock } from "./lock.mjs";
import { prefixOf, sourcesDigest, writablePlace } from "./places.mjs";

/** Set to anything, this environment variable keeps packages from building: at installation and at first use. */
export const SKIP = "DUCHENNE_SKIP_BUILD";

const digest = (text) => createHash("sha256").update(text).digest("hex");

/** The library that was found, as it is now, and the name of the build that it makes. */
function plan(addon) {
  const found = addon.find();
  if (found === undefined) throw new AddonError(addon.missing);
  const { version, label, variables, features = [], details = {} } = found;
  const libraries = found.libraries.map((file) => ({ file, identity: identityOf(file) ?? "" }));
  const environment = JSON.stringify([variables, libraries, process.platform, process.arch]);
  const record = {
    ...details,
    abi: addon.abi,
    platform: process.platform,
    arch: process.arch,
    version,
    label,
    fingerprint: digest(environment + sourcesDigest(addon)),
    libraries,
    features,
  };
  return { variables, record, name: `${prefixOf(addon)}${version}-${digest(environment).slice(0, 6)}` };
}

/** See index.d.mts. */
export function build(
  addon,
  { keepObjects = false, report = () => {}, output = "log", compile = compileWithGyp, place } = {},
) {
  const { variables, record, name } = plan(addon);
  place ??= writablePlace(addon);
  const folder = join(place, name);
  const waiting = ({ pid, parent }) => {
    // A thread of the same process has printed the reason already.
    if (parent !== process.ppid) report(`process ${pid} is building ${addon.title}; waiting for it`);
  };
  if (!isFresh(addon, folder, record)) {
    withLock(`${folder}.lock`, waiting, () => {
      if (isFresh(addon, folder, record)) return;
      report(
        `building ${addon.title} for Node ${process.versions.node} and ${record.label}, once: ${addon.duration}`,
      );
      const work = join(folder, "work");
      publish(addon, compile(addon, variables, work, output), folder, record);
      if (!keepObjects) rmSync(work, { recursive: true, force: true });
    });
  }
  return { file: join(folder, `${addon.name}.node`), record };
}

/** True if it is built of the present sources; it is then the newest, which is the one that processes take. */
function isFresh(addon, folder, { fingerprint }) {
  const recordFile = join(folder, addon.recordName);
  try {
    if (JSON.parse(readFileSync(recordFile, "utf8")).fingerprint !== fingerprint) return false;
    if (!existsSync(join(folder, `${addon.name}.node`))) return false;
    touch(recordFile);
    return true;
  } catch {
    return false;
  }
}

function touch(file) {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // Read-only: its time stays.
  }
}

/** Nobody sees a half of it, and processes that have the last build open keep it. */
function publish(addon, compiled, folder, record) {
  mkdirSync(folder, { recursive: true });
  const recordFile = join(folder, addon.recordName);
  rmSync(recordFile, { force: true });
  replace(join(folder, `${addon.name}.node`), (draft) => copyFileSync(compiled, draft));
  replace(recordFile, (draft) => writeFileSync(draft, `${JSON.stringify(record, null, 2)}\n`));
}

function replace(file, write) {
  const draft = `${file}.${process.pid}`;
  write(draft);
  renameSync(draft, file);
}

/** See index.d.mts. */
export function buildAtInstall(addon) {
  if (process.env[SKIP]) return;
  try {
    if (findLoadable(addon)) return;
    build(addon, { report: (line) => console.error(`${addon.package}: ${line}`) });
  } catch (error) {
    console.error(`${addon.package}: not built now; the first use builds it. ${error.message}`);
  }
}
