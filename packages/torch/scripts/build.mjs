// Builds the binding when something it is made of has changed, and records what it was built against.
import { runBuildScript } from "@duchenne/addon";
import { torchAddon } from "./addon.mjs";

runBuildScript(torchAddon);
