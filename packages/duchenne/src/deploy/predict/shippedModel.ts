/** The model that is used if none is named: the installed package @duchenne/model-fer. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MODEL_FILES, ModelError } from "@duchenne/predict";

const PACKAGE = "@duchenne/model-fer";

/** The installed model. */
export interface ShippedModel {
  /** Path of the model's folder, for `openModel`. */
  readonly folder: string;
  /** Of the package: `@duchenne/model-fer`. */
  readonly name: string;
  readonly version: string;
  /** Terms of the data that it learned from, in one line. */
  readonly terms: string;
}

/** What the package's entry for Node exports. */
interface Entry {
  readonly modelFolder: string;
  readonly MODEL_TERMS: string;
}

/**
 * Looks for the package.
 * @param name of the package
 * @throws ModelError, with the command that installs it, if it is not installed or holds no model
 */
export async function findShippedModel(name: string = PACKAGE): Promise<ShippedModel> {
  const { modelFolder: folder, MODEL_TERMS: terms } = await importEntry(name);
  const config = join(folder, MODEL_FILES.config);
  if (!existsSync(config))
    throw new ModelError(name, `${config} in the package`, "no such file", {
      remedy: "Install the package again, or name a model of your own.",
    });
  const { version } = JSON.parse(readFileSync(join(folder, "..", "package.json"), "utf8")) as {
    version: string;
  };
  return { folder, name, version, terms };
}

async function importEntry(name: string): Promise<Entry> {
  // A name that bundlers and the compiler do not follow: the package is an optional one, as its terms differ from the code's.
  const entry = `${name}/node`;
  try {
    return (await import(entry)) as Entry;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new ModelError("model", `a model's folder, or the installed package ${name}`, "neither", {
      cause,
      remedy: `Run npm install ${name}, or name a folder that \`duchenne export\` wrote as \`model\`.`,
    });
  }
}

/** The installed model; undefined if there is none. */
export async function shippedModelOrNone(): Promise<ShippedModel | undefined> {
  try {
    return await findShippedModel();
  } catch (error) {
    if (error instanceof ModelError) return undefined;
    throw error;
  }
}

let hasTold = false;

/**
 * The installed model; the first call of a process says on stderr which it is, and its terms.
 * @throws ModelError, with the command that installs it, if it is not installed or holds no model
 */
export async function announceShippedModel(): Promise<ShippedModel> {
  const found = await findShippedModel();
  if (!hasTold) process.stderr.write(`model: ${describeShippedModel(found)}\n`);
  hasTold = true;
  return found;
}

/** "@duchenne/model-fer 0.1.0, for research: …" */
export const describeShippedModel = ({ name, version, terms }: ShippedModel): string =>
  `${name} ${version}, ${terms}`;
