/** Commands that several processes can run together: their flags, how `--nproc` starts them, and which of them speaks. */
import { Option } from "commander";
import { ConfigError } from "../lib/errors.ts";
import { UsageError } from "./errors.ts";
import { endWithParent, isLocalRank, runLocalRanks } from "./localRanks.ts";
import { ProgressLine } from "./progressLine.ts";

/** The flags of such a command. */
export interface RankFlags {
  readonly nproc?: number;
  readonly rankTimeout?: number;
}

/** `--nproc` and `--rank-timeout`. @param share what each process does, for the help: "its part of every batch" */
export function rankOptions(share: string): Option[] {
  return [
    new Option("--nproc <n>", `processes to start on this machine, each with ${share}`).argParser(
      wholeNumber("--nproc"),
    ),
    new Option(
      "--rank-timeout <s>",
      "how long processes wait for each other, seconds (default: 300)",
    ).argParser(wholeNumber("--rank-timeout")),
  ];
}

function wholeNumber(flag: string): (text: string) => number {
  return (text) => {
    if (!/^[1-9]\d*$/.test(text)) throw new ConfigError(flag, "a whole number of at least 1", `"${text}"`);
    return Number(text);
  };
}

/**
 * Runs this command once per process, if `--nproc` asks for several and this is none of them; sets the exit code.
 * @param check called before they are started; throws if they could not work together
 * @returns whether they ran: then nothing is left to do
 * @throws UsageError under a launcher, which starts the processes itself
 */
export async function runByRanks({ nproc = 1 }: RankFlags, check: (nproc: number) => void): Promise<boolean> {
  if (nproc === 1 || isLocalRank()) {
    endWithParent();
    return false;
  }
  if (process.env.WORLD_SIZE)
    throw new UsageError(
      `--nproc: expected no launcher, received WORLD_SIZE ${process.env.WORLD_SIZE} from one. Leave --nproc out: the launcher ` +
        "starts the processes",
    );
  check(nproc);
  process.exitCode = await runLocalRanks(nproc);
  return true;
}

/** Whether this process is the first of several, or alone: the one that writes and speaks. */
export const isFirstRank = (): boolean => Number(process.env.RANK ?? 0) === 0 || !process.env.WORLD_SIZE;

/** The progress of a command, which only the first process shows. */
export const rankProgressLine = (): ProgressLine =>
  new ProgressLine(isFirstRank() ? process.stderr : { write: () => true });
