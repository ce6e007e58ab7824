/** `duchenne studio`: a local web app to look at runs, batches, embeddings and oneself. */
import { spawn } from "node:child_process";
import { Command } from "commander";
import { integerArgument } from "./arguments.ts";
import { withInterrupt } from "./interrupt.ts";

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
Shows what is found in the folders: runs with their curves while they train, the views of a batch, the embedding as a map, and
with an exported model your own face. Only this machine can open it; it sends nothing anywhere, and Ctrl-C ends it.

Examples:
  duchenne studio
  duchenne studio runs films.store models --port 4700 --no-open`;

/** `duchenne studio [folders…]` */
export function studioCommand(): Command {
  return new Command("studio")
    .description("look at runs, batches, embeddings and your own face in the browser")
    .argument("[folders...]", "folders with runs, stores and models, looked through four levels deep", ["."])
    .option("--port <n>", "on 127.0.0.1", integerArgument(0, 65535), USUAL_PORT)
    .option("--no-open", "only print the address")
    .addHelpText("after", HELP)
    .action(run);
}

async function run(folders: string[], { port, open }: Flags): Promise<void> {
  const { serveStudio } = await import("../studio/serve.ts");
  const studio = await serveStudio(folders, port);
  process.stdout.write(`${studio.url}\n`);
  if (open) openPage(studio.url);
  await withInterrupt(
    () => process.stderr.write("closing …\n"),
    (signal) => new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve())),
  );
  await studio.close();
}

/** The address is printed all the same: where no browser opens, the user does it. */
function openPage(url: string): void {
  const [program, ...rest] = OPENERS[process.platform] ?? [];
  if (program === undefined) return;
  const child = spawn(program, [...rest, url], { stdio: "ignore", detached: true });
  child.on("error", (error) =>
    process.stderr.write(`no browser opened (${error.message}): open ${url} yourself\n`),
  );
  child.unref();
}
