import { join } from "node:path";
/** `duchenne weights`: fetches networks trained on ImageNet. */
import { Argument, Command, InvalidArgumentError } from "commander";
import { progressText, secondsLeftOf } from "../lib/progressText.ts";
import { fetchWeights } from "../ssl/weights/fetchWeights.ts";
import { defaultCache, WEIGHT_FILES, WEIGHTS_URL, type WeightsName } from "../ssl/weights/files.ts";
import { Interrupted } from "./errors.ts";
import { withInterrupt } from "./interrupt.ts";
import { OUTLINE } from "./outline.ts";
import { checkPlace } from "./place.ts";
import { ProgressLine } from "./progressLine.ts";

interface Flags {
  readonly cache?: string;
  readonly url: string;
}

const MEBIBYTE = 2 ** 20;

const HELP = `
Example:
  duchenne pretrain films.store --arch resnet50 --init "$(duchenne weights resnet50)"
The command prints the path of the file on standard output, and everything else on standard error. If the file is in the
cache, the command only checks it. Without a network connection, download the file elsewhere and copy it into the cache
under the same name:
${Object.values(WEIGHT_FILES)
  .map((file) => `  ${WEIGHTS_URL}${file}`)
  .join("\n")}
The weights are torchvision's (BSD 3-clause), trained on ImageNet, whose terms allow non-commercial research only.`;

/** `duchenne weights <name>` */
export function weightsCommand(): Command {
  return new Command("weights")
    .description(OUTLINE.weights.about)
    .addArgument(new Argument("<name>", "network").choices(Object.keys(WEIGHT_FILES)))
    .option("--cache <folder>", `folder of the files (default: ${defaultCache()})`)
    .option("--url <base>", "base URL of a mirror", addressArgument, WEIGHTS_URL)
    .addHelpText("after", HELP)
    .action(run);
}

function addressArgument(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError("expected a URL that starts with https:// or http://.");
}

async function run(name: WeightsName, { cache, url }: Flags): Promise<void> {
  if (cache !== undefined) checkPlace("--cache", join(cache, WEIGHT_FILES[name]));
  const line = new ProgressLine();
  const started = performance.now();
  const mebibytes = (bytes: number | undefined) =>
    bytes === undefined ? "?" : (bytes / MEBIBYTE).toFixed(1);
  try {
    const file = await withInterrupt(
      () => line.note("stopping …"),
      (signal) =>
        fetchWeights(name, {
          ...(cache === undefined ? {} : { cache }),
          baseUrl: url,
          signal,
          onProgress: ({ bytes, totalBytes }) =>
            line.update(
              progressText({
                share: totalBytes === undefined ? undefined : bytes / totalBytes,
                secondsLeft:
                  totalBytes === undefined ? undefined : secondsLeftOf(bytes / totalBytes, started),
                details: [`${mebibytes(bytes)} of ${mebibytes(totalBytes)} MiB`, WEIGHT_FILES[name]],
              }),
            ),
        }),
    );
    line.clear();
    process.stdout.write(`${file}\n`);
  } catch (error) {
    line.clear();
    if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
    throw new Interrupted("stopped; the partial download is kept. Run the same command again to continue.");
  }
}
