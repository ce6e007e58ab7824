// Opens the build that fits, and has it built first if there is none.
import { spawnSync } from "node:child_process";
import { SKIP } from "./build.mjs";
import { AddonError, DOCTOR } from "./errors.mjs";
import { findLoadable, whyNoneFits } from "./find.mjs";

/** See index.d.mts. */
export function openAddon(addon) {
  const built = findLoadable(addon) ?? buildNow(addon);
  const opened = { exports: {} };
  try {
    // Not `require`, which hands out one instance: two copies of a package in a process would share its state.
    process.dlopen(opened, built.file);
  } catch (cause) {
    throw new AddonError(`${addon.title} does not load: ${cause.message}. ${DOCTOR}`, { cause });
  }
  return { exports: opened.exports, built };
}

/** In a process of its own, for it waits for a lock, a compiler and maybe a download. */
function buildNow(addon) {
  const reason = whyNoneFits(addon);
  if (process.env[SKIP])
    throw new AddonError(
      `${addon.title} cannot be opened: ${reason}, and ${SKIP} forbids building it. Unset ${SKIP}, then run again. ${DOCTOR}`,
    );
  const { status, signal, stdout, error } = spawnSync(process.execPath, [addon.buildScript, "--first-use"], {
    encoding: "utf8",
    // Its one line goes to the user at once, its errors come back here.
    stdio: ["ignore", "pipe", "inherit"],
    env: withoutNodeOptions(process.env),
    maxBuffer: 1 << 26,
  });
  const found = status === 0 ? findLoadable(addon) : undefined;
  if (found) return found;
  const reply = stdout?.trim() || error?.message || `the build ended with ${signal ?? status}`;
  throw new AddonError(
    `${addon.title} cannot be opened: ${reason}, and building it failed. ${reply}\n${DOCTOR}`,
  );
}

/** The program's loaders and conditions are none of the build's. */
function withoutNodeOptions({ NODE_OPTIONS: _, ...env }) {
  return env;
}
