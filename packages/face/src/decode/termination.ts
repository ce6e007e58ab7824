import { loadAddon } from "../native/addon.ts";

let isDone = false;

/**
 * Lets threads be terminated while FFmpeg decodes in them. node-av 6.1 throws into the thread that ends, where nothing can be thrown
 * any more, and node-addon-api then aborts the whole process. Call it once node-av is loaded; Linux on x86-64 and ARM64.
 */
export function surviveTermination(): void {
  if (isDone) return;
  isDone = true;
  try {
    loadAddon().dropUnthrowableErrors();
  } catch {
    // Without the addon no face is found, and whoever looks for one is told. Decoding alone works without it.
  }
}
