/** Trains until it is killed, or done. Arguments: store, run folder, settings as JSON. */

import type { Settings } from "../../../../src/ssl/config/resolveConfig.ts";
import { tinyConfig, trainTiny } from "../tinyStore.ts";

const [store, runFolder, settings] = process.argv.slice(2) as [string, string, string];
await trainTiny(store, runFolder, tinyConfig(JSON.parse(settings) as Settings));
