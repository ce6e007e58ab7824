import type { MediaDamage } from "@duchenne/face";

/** What could not be read of a file or a folder of frames: the first fault, and how many more there are. */
export function damageText({ message, errors }: MediaDamage): string {
  return errors > 1 ? `${message}, and ${errors - 1} more` : message;
}
