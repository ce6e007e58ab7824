import { configure, FAST } from "@duchenne/torch";
import { Command, CommanderError } from "commander";
import { packageVersions } from "../data/store/versions.ts";
import { exitCodeOf, reportError } from "./errors.ts";
import { speakFlagsOf } from "./flagText.ts";
import { handleStandardStreams } from "./standardStreams.ts";
import { clampThreads } from "./threads.ts";

/** Each command with its module, which loads only if the command runs, or all of them are listed. */
const COMMANDS: Readonly<Record<string, () => Promise<() => Command>>> = {
  demo: async () => (await import("./demo.ts")).demoCommand,
  synth: async () => (await import("./synth.ts")).synthCommand,
  prepare: async () => (await import("./prepare.ts")).prepareCommand,
  pretrain: async () => (await import("./pretrain.ts")).pretrainCommand,
  views: async () => (await import("./views.ts")).viewsCommand,
  probe: async () => (await import("./probe.ts")).probeCommand,
  export: async () => (await import("./export.ts")).exportCommand,
  predict: async () => (await import("./predict.ts")).predictCommand,
  evaluate: async () => (await import("./evaluate.ts")).evaluateCommand,
  embed: async () => (await import("./embed.ts")).embedCommand,
  inspect: async () => (await import("./inspect.ts")).inspectCommand,
  report: async () => (await import("./report.ts")).reportCommand,
  reproduce: async () => (await import("./reproduce.ts")).reproduceCommand,
  store: async () => (await import("./store.ts")).storeCommand,
  studio: async () => (await import("./studio.ts")).studioCommand,
  weights: async () => (await import("./weights.ts")).weightsCommand,
  doctor: async () => (await import("./doctor.ts")).doctorCommand,
};

/** The modules that a call needs: of its command, or of all for the help, an alias or a name that is not known. */
const neededFor = (name: string | undefined) =>
  name !== undefined && Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]!] : Object.values(COMMANDS);

async function program(): Promise<Command> {
  const duchenne = new Command("duchenne")
    .description("Learn facial expression from unlabeled face video")
    .version(packageVersions().duchenne!)
    .showHelpAfterError("(add --help for the options)");
  for (const command of await Promise.all(neededFor(process.argv[2]).map((load) => load())))
    duchenne.addCommand(command());
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
configure(process.env.DUCHENNE_CUDNN === "deterministic" ? { ...FAST, cudnn: "deterministic" } : FAST);
const isOfStandardOutput = handleStandardStreams();
try {
  await (await program()).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (!isOfStandardOutput(error)) {
    reportError(error);
    process.exitCode = exitCodeOf(error);
  }
}
