import { Command } from "commander";
import { mergeStores } from "../data/store/mergeStores.ts";
import { removePerson } from "../data/store/removePerson.ts";
import { printableLine } from "../lib/printable.ts";
import { OUTLINE } from "./outline.ts";
import { checkFolder } from "./place.ts";

const HELP = `
Example:
  duchenne store remove --person ann films.store
The command rewrites the store without the person, so that the file no longer contains their pixels; later runs of
\`duchenne prepare\` skip the person. Delete videos, backups and models trained on the person yourself.`;

const MERGE_HELP = `
Example:
  duchenne prepare films/ --out part1.store --shard 1/2     on one machine
  duchenne prepare films/ --out part2.store --shard 2/2     on another, the films at the same path
  duchenne store merge part1.store part2.store --out films.store
The merged store equals the store that one \`duchenne prepare\` makes.`;

function mergeCommand(): Command {
  return new Command("merge")
    .description("put the shards of one data set together")
    .argument("<shards...>", "folders of all shards, in any order")
    .requiredOption("--out <store>", "folder of the new store; the shards stay")
    .option("--json", "print the counts as one line of JSON")
    .addHelpText("after", MERGE_HELP)
    .action(async (shards: string[], { out, json }: { out: string; json?: boolean }) => {
      checkFolder("--out", out);
      const counts = await mergeStores(shards, out);
      const { frames, tracks, clips, persons } = counts;
      const line = json
        ? JSON.stringify(counts)
        : `${out}: ${frames} frames of ${tracks} tracks in ${clips} clips of ${persons} people`;
      process.stdout.write(`${printableLine(line)}\n`);
    });
}

/** `duchenne store remove --person NAME <store>`, `duchenne store merge <shards...> --out <store>` */
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
      process.stdout.write(`${printableLine(line)}\n`);
    });
  return new Command("store").description(OUTLINE.store.about).addCommand(remove).addCommand(mergeCommand());
}
