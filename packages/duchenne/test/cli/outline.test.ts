import { Help } from "commander";
import { expect, it } from "vitest";
import { type CommandName, formerNameOf, OUTLINE } from "../../src/cli/outline.ts";

const makers = {
  demo: async () => (await import("../../src/cli/demo.ts")).demoCommand,
  synth: async () => (await import("../../src/cli/synth.ts")).synthCommand,
  prepare: async () => (await import("../../src/cli/prepare.ts")).prepareCommand,
  pretrain: async () => (await import("../../src/cli/pretrain.ts")).pretrainCommand,
  views: async () => (await import("../../src/cli/views.ts")).viewsCommand,
  probe: async () => (await import("../../src/cli/probe.ts")).probeCommand,
  export: async () => (await import("../../src/cli/export.ts")).exportCommand,
  predict: async () => (await import("../../src/cli/predict.ts")).predictCommand,
  evaluate: async () => (await import("../../src/cli/evaluate.ts")).evaluateCommand,
  embed: async () => (await import("../../src/cli/embed.ts")).embedCommand,
  inspect: async () => (await import("../../src/cli/inspect.ts")).inspectCommand,
  report: async () => (await import("../../src/cli/report.ts")).reportCommand,
  reproduce: async () => (await import("../../src/cli/reproduce.ts")).reproduceCommand,
  store: async () => (await import("../../src/cli/store.ts")).storeCommand,
  studio: async () => (await import("../../src/cli/studio.ts")).studioCommand,
  weights: async () => (await import("../../src/cli/weights.ts")).weightsCommand,
  doctor: async () => (await import("../../src/cli/doctor.ts")).doctorCommand,
} as const;

it.each(Object.keys(OUTLINE) as CommandName[])("the help's line of %s is the command's own", async (name) => {
  const command = (await makers[name]())();
  const line = [[name, formerNameOf(name)].filter(Boolean).join("|"), OUTLINE[name].takes];
  expect(line.filter(Boolean).join(" ")).toBe(new Help().subcommandTerm(command));
  expect(command.description()).toBe(OUTLINE[name].about);
});
