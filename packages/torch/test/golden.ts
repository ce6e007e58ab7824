import { join } from "node:path";

/**
 * Path of a golden file or folder: values computed by code this project did not write.
 * `DUCHENNE_GOLDEN` names another folder to take them from.
 */
export function goldenPath(name: string): string {
  return join(process.env.DUCHENNE_GOLDEN || join(import.meta.dirname, "golden"), name);
}
