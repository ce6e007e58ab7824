// The command line of a package's build script.
import { build } from "./build.mjs";

/**
 * Without an argument: for those who clone; the compiler's words on stderr, its objects kept. `--first-use`: for a process that
 * found no build; one line on stderr, what went wrong on stdout.
 */
export function runBuildScript(addon) {
  const isFirstUse = process.argv.includes("--first-use");
  const report = (line) => process.stderr.write(`${addon.package}: ${line}\n`);
  try {
    build(addon, isFirstUse ? { report } : { report, keepObjects: true, output: "stderr" });
  } catch (error) {
    const message = `${error instanceof Error ? error.message : error}\n`;
    if (isFirstUse) process.stdout.write(message);
    else process.stderr.write(message);
    process.exitCode = 1;
  }
}
