import { createRequire } from "node:module";
import { loadAddon } from "../native/addon.ts";

let isDone = false;

/**
 * Lets threads be terminated at any moment while FFmpeg works in them: without it, node-av 6.1 ends the whole process. Call it before
 * node-av is imported for the first time in a thread. Linux on x86-64 and ARM64; elsewhere it does nothing.
 * @returns how many of the functions that node-av calls were replaced; 0 if they are already, or none can be
 */
export function surviveTermination(): number {
  if (isDone) return 0;
  isDone = true;
  if (process.platform !== "linux") return 0;
  try {
    return loadAddon().guardTermination(libraryOfNodeAv());
  } catch {
    // Finding faces without the addon is an error of its own. Decoding alone works without it, and without node-av.
    return 0;
  }
}

/** Path of node-av's compiled part, a package of its own for each platform. @throws Error if it is not installed */
function libraryOfNodeAv(): string {
  const nodeAv = createRequire(import.meta.url).resolve("node-av/lib");
  return createRequire(nodeAv).resolve(`@seydx/node-av-linux-${process.arch}/node-av.node`);
}
