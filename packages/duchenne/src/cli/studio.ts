/** `duchenne studio`: a local web app for runs, batches, embeddings and the webcam. */

import { spawn } from "node:child_process";
import { Command } from "commander";
import { integerArgument } from "./arguments.ts";
import { withInterrupt } from "./interrupt.ts";
import { OUTLINE } from "./outline.ts";

interface Flags {
  readonly port: number;
  readonly open: boolean;
}

const USUAL_PORT = 4600;
/** What opens a page on this system. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
  linux: ["xdg-open"],
};

const HELP = `
The studio shows the runs, stores and models in the folders: loss curves while a run trains, the views of a batch, a map of
the embedding, and predictions for your own face with an exported model, or with the installed @duchenne/model-fer. It listens on this machine only and sends no data
anywhere. Ctrl-C stops it.

Examples:
  duchenne studio
  duchenne studio runs films.store models --port 4700 --no-open`;

/** `duchenne studio [folders…]` */
export function studioCommand(): Command {
  return new Command("studio")
    .description(OUTLINE.studio.about)
    .argument("[folders...]", "folders with runs, stores and models, searched four levels deep", ["."])
    .option("--port <n>", "port on 127.0.0.1", integerArgument(0, 65535), USUAL_PORT)
    .option("--no-open", "print the address, and open no browser")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(folders: string[], { port, open }: Flags): Promise<void> {
  const { serveStudio } = await import("../studio/serve.ts");
  const { describeShippedModel, shippedModelOrNone } = await import("../deploy/predict/shippedModel.ts");
  const shipped = await shippedModelOrNone();
  const studio = await serveStudio(folders, port, shipped);
  if (shipped) process.stderr.write(`the mirror offers ${describeShippedModel(shipped)}\n`);
  process.stdout.write(`${studio.url}\n`);
  if (open) openPage(studio.url);
  await withInterrupt(
    () => process.stderr.write("closing …\n"),
    (signal) => new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
  );
  await studio.close();
}

/** If no browser opens, the user has the printed address. */
function openPage(url: string): void {
  const [program, ...rest] = OPENERS[process.platform] ?? [];
  if (program === undefined) return;
  const child = spawn(program, [...rest, url], { stdio: "ignore", detached: true });
  child.on("error", (error) =>
    process.stderr.write(`no browser opened (${error.message}). Open ${url} yourself.\n`),
  );
  child.unref();
}
