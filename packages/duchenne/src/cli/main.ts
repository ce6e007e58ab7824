import { configure, FAST } from "@duchenne/torch";
import { Command, CommanderError } from "commander";
import { packageVersions } from "../data/store/versions.ts";
import { demoCommand } from "./demo.ts";
import { doctorCommand } from "./doctor.ts";
import { embedCommand } from "./embed.ts";
import { exitCodeOf, reportError } from "./errors.ts";
import { evaluateCommand } from "./evaluate.ts";
import { exportCommand } from "./export.ts";
import { speakFlagsOf } from "./flagText.ts";
import { inspectCommand } from "./inspect.ts";
import { predictCommand } from "./predict.ts";
import { prepareCommand } from "./prepare.ts";
import { pretrainCommand } from "./pretrain.ts";
import { probeCommand } from "./probe.ts";
import { reportCommand } from "./report.ts";
import { reproduceCommand } from "./reproduce.ts";
import { handleStandardStreams } from "./standardStreams.ts";
import { storeCommand } from "./store.ts";
import { studioCommand } from "./studio.ts";
import { synthCommand } from "./synth.ts";
import { clampThreads } from "./threads.ts";
import { viewsCommand } from "./views.ts";
import { weightsCommand } from "./weights.ts";

const COMMANDS = [
  demoCommand,
  synthCommand,
  prepareCommand,
  pretrainCommand,
  viewsCommand,
  probeCommand,
  exportCommand,
  predictCommand,
  evaluateCommand,
  embedCommand,
  inspectCommand,
  reportCommand,
  reproduceCommand,
  storeCommand,
  studioCommand,
  weightsCommand,
  doctorCommand,
];

function program(): Command {
  const duchenne = new Command("duchenne")
    .description("Learn facial expression from unlabeled face video")
    .version(packageVersions().duchenne!)
    .showHelpAfterError("(add --help for the options)");
  for (const command of COMMANDS) duchenne.addCommand(command());
  duchenne.hook("preSubcommand", (_, running) => speakFlagsOf(running));
  duchenne.hook("preAction", (_, running) => speakFlagsOf(running));
  exitByThrowing(duchenne);
  return duchenne;
}

/** Commander would end the process with 1 for a wrong call; here every exit goes through `exitCodeOf`. */
function exitByThrowing(command: Command): void {
  command.exitOverride();
  for (const child of command.commands) exitByThrowing(child);
}

const notice = clampThreads();
if (notice !== undefined) process.stderr.write(`note: ${notice}\n`);
configure(FAST);
const isOfStandardOutput = handleStandardStreams();
try {
  await program().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (!isOfStandardOutput(error)) {
    reportError(error);
    process.exitCode = exitCodeOf(error);
  }
}
