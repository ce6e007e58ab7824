import { ConfigError } from "../../lib/errors.ts";

/** @throws ConfigError for a batch that does not divide among the processes that train together */
export function requireDivisible(clips: number, processes: number): void {
  if (clips % processes === 0) return;
  const below = Math.floor(clips / processes) * processes;
  const choices = [below, below + processes].filter((count) => count > 1).join(" or ");
  const expected = `a multiple of ${processes}, the number of processes`;
  throw new ConfigError("--batch", expected, String(clips), `Use --batch ${choices}`);
}
