/** What the programs of the campaign start must come from the present sources: `dist`, and both addons. */
import { build } from "@duchenne/addon";
import { faceAddon } from "../../packages/face/scripts/addon.mjs";
import { torchAddon } from "../../packages/torch/scripts/addon.mjs";
import { setup } from "../freshBuild.ts";

/** Builds what is older than its sources, and says so. @throws Error or AddonError if it cannot be built */
export function buildWhatIsStale(): void {
  setup();
  for (const addon of [torchAddon, faceAddon])
    build(addon, {
      keepObjects: true,
      output: "stderr",
      report: (line) => process.stderr.write(`${line}\n`),
    });
}
