import { Command } from "commander";
import { removePerson } from "../data/store/removePerson.ts";

const HELP = `
Example:
  duchenne store remove --person ann films.store
The store is written anew without the person, so their pixels are gone from its file; \`prepare\` leaves them out from
then on. Videos, backups and models trained before are yours to deal with.`;

/** `duchenne store remove --person NAME <store>` */
export function storeCommand(): Command {
  const remove = new Command("remove")
    .description("take a person out of a store for good")
    .argument("<store>", "folder of the store; needs free space for a copy of it")
    .requiredOption("--person <name>", "the person, as `duchenne inspect` lists them")
    .option("--json", "end with one line of JSON on stdout")
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
