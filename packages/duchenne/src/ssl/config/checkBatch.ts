import { ConfigError, setting, settingText } from "../../lib/errors.ts";

/** @throws ConfigError for a batch that does not divide among the processes that train together */
export function requireDivisible(clips: number, processes: number): void {
  if (clips % processes === 0) return;
  const below = Math.floor(clips / processes) * processes;
  const [first, ...more] = [below, below + processes].filter((count) => count > 1);
  const choices = [settingText("batch", first!), ...more].join(" or ");
  const expected = `a multiple of ${processes}, the number of processes`;
  throw new ConfigError(setting("batch"), expected, String(clips), `Use ${choices}.`);
}
