// Builds the addon when something it is made of has changed, and records what it was built against.
import { runBuildScript } from "@duchenne/addon";
import { faceAddon } from "./addon.mjs";

runBuildScript(faceAddon);
