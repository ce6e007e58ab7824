// Writes FEATURES.md anew: npx tsx --conditions=source packages/torch/test/features/write.ts
import { writeFileSync } from "node:fs";
import { featuresPath, featuresText } from "./features.ts";

writeFileSync(featuresPath, featuresText());
