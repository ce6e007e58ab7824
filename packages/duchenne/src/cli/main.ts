import { Command, CommanderError, Help } from "commander";
import { packageVersions } from "../data/store/versions.ts";
import { exitCodeOf, reportError } from "./errors.ts";
import { speakFlagsOf } from "./flagText.ts";
import { type CommandName, formerNameOf, OUTLINE } from "./outline.ts";
import { handleStandardStreams } from "./standardStreams.ts";
import { clampThreads } from "./threads.ts";

/** Each command with its module, which loads only if a call names the command. */
const COMMANDS: Readonly<Record<CommandName, () => Promise<() => Command>>> = {
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

const NAMES = Object.keys(OUTLINE) as CommandName[];

/** The commands that a call names, by their own or a former name; `duchenne help probe` names one, too. */
const named = (name: CommandName): boolean =>
  process.argv.slice(2).some((word) => word === name || word === formerNameOf(name));

/** A command by its name alone, for the help and the errors of another call. */
function outlined(name: CommandName): Command {
  const command = new Command(name).description(OUTLINE[name].about);
  const former = formerNameOf(name);
  return former === undefined ? command : command.alias(former);
}

const help = new Help();

/** As commander writes it for a command that is loaded. */
function termOf(command: Command): string {
  const name = NAMES.find((known) => known === command.name());
  if (name === undefined) return help.subcommandTerm(command);
  return [[name, ...command.aliases()].join("|"), OUTLINE[name].takes].filter(Boolean).join(" ");
}

async function program(): Promise<Command> {
  const duchenne = new Command("duchenne")
    .description("Learn facial expression from unlabeled face video")
    .version(packageVersions().duchenne!)
    .showHelpAfterError("(add --help for the options)")
    .configureHelp({ subcommandTerm: termOf });
  const commands = NAMES.map(async (name) => (named(name) ? (await COMMANDS[name]())() : outlined(name)));
  for (const command of await Promise.all(commands)) duchenne.addCommand(command);
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
const isOfStandardOutput = handleStandardStreams();
try {
  if (NAMES.some(named)) (await import("../lib/configureProcess.ts")).configureProcess();
  await (await program()).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else if (!isOfStandardOutput(error)) {
    reportError(error);
    process.exitCode = exitCodeOf(error);
  }
}
