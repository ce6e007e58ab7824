/** Trains until it is killed, or done. Arguments: store, run folder, settings as JSON. */
import { pretrain } from "../../../src/train/pretrain.ts";
import type { Settings } from "../../../src/train/resolveConfig.ts";
import { tinyConfig } from "../tinyStore.ts";

const [store, runFolder, settings] = process.argv.slice(2) as [string, string, string];
await pretrain(store, runFolder, tinyConfig(JSON.parse(settings) as Settings));
