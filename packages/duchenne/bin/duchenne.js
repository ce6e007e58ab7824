#!/usr/bin/env node
import { endWithMessage, refuseTightLimits } from "../dist/cli/lastResort.js";

refuseTightLimits();
process.on("uncaughtException", endWithMessage);
// The commands are loaded here, so that a process that may not even load them ends with a message, too.
await import("../dist/cli/main.js").catch(endWithMessage);
