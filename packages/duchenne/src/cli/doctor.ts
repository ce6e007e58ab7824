/** `duchenne doctor`: what is there, what is missing, and the command that installs it. */

import { Command } from "commander";
import { OUTLINE } from "./outline.ts";

const HELP = `
Exit status: 0 if nothing is missing, 1 otherwise.

Examples:
  duchenne doctor
  duchenne doctor --install     # as root, with sudo that asks no password, or with Homebrew`;

/** `duchenne doctor` */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description(OUTLINE.doctor.about)
    .option("--install", "install what is missing, where that is allowed, and build the native parts")
    .option("--json", "print the findings as one line of JSON")
    .addHelpText("after", HELP)
    .action(run);
}

async function run({ install, json }: { install?: boolean; json?: boolean }): Promise<void> {
  const { describeDiagnosis, diagnose } = await import("../doctor/diagnose.ts");
  const { installMissing } = await import("../doctor/install.ts");
  const report = (line: string) => process.stderr.write(`${line}\n`);
  const diagnosis = install ? await installMissing(report) : await diagnose();
  process.stdout.write(json ? `${JSON.stringify(diagnosis)}\n` : describeDiagnosis(diagnosis));
  if (!diagnosis.ok) process.exitCode = 1;
}
