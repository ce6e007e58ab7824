import { Command } from "commander";
import { removePerson } from "../data/store/removePerson.ts";

const HELP = `
Example:
  duchenne store remove --person ann films.store
The command rewrites the store without the person, so that the file no longer contains their pixels; later runs of
\`duchenne prepare\` skip the person. Delete videos, backups and models trained on the person yourself.`;

/** `duchenne store remove --person NAME <store>` */
export function storeCommand(): Command {
  const remove = new Command("remove")
    .description("remove a person from a store permanently")
    .argument("<store>", "folder of the store; the disk needs space for a copy")
    .requiredOption("--person <name>", "name of the person, as `duchenne inspect` prints it")
    .option("--json", "print the summary as one line of JSON")
    .addHelpText("after", HELP)
    .action(async (path: string, { person, json }: { person: string; json?: boolean }) => {
      const { clips, frames } = await removePerson(path, person);
      const line = json
        ? JSON.stringify({ clips, frames })
        : `${path}: removed ${frames} frames of ${clips} tracks`;
      process.stdout.write(`${line}\n`);
    });
  return new Command("store").description("change a frame store").addCommand(remove);
}
