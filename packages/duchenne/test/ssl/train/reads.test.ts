import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataReads, scope } from "@duchenne/torch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { METHOD_NAMES } from "../../../src/ssl/config/config.ts";
import { METHOD_COMPONENTS } from "../../../src/ssl/config/presets.ts";
import { BatchLoader } from "../../../src/ssl/loader/index.ts";
import { learnerOf } from "../../../src/ssl/train/pretrain.ts";
import { planRun } from "../../../src/ssl/train/runPlan.ts";
import { viewsOf } from "../../../src/ssl/train/trainer.ts";
import { valuesFromConfig } from "../../../src/ssl/valuesFromConfig.ts";
import { tinyConfig, writeTinyStore } from "./tinyStore.ts";

const folder = mkdtempSync(join(tmpdir(), "duchenne-reads-"));
const store = join(folder, "store");
beforeAll(() => writeTinyStore(store));
afterAll(() => rmSync(folder, { recursive: true }));

// Each read makes the processor wait for a GPU: scripts/gpu/accept.sh prints the same count there.
test.each(METHOD_NAMES)(
  "a step of %s reads no values of tensors: views, gradient, update",
  async (method) => {
    const components =
      method === "byol" ? { timeAug: true } : { ...METHOD_COMPONENTS["ssl-fer"], cutMix: true };
    const config = tinyConfig({ method, ...components, workers: 0 });
    const plan = await planRun({ ...valuesFromConfig(config), store });
    const loader = BatchLoader.open(store, plan.data.sampler, { workers: 0 });
    const learner = learnerOf(plan);
    try {
      const batch = await loader.next();
      const before = dataReads();
      scope(() => {
        const views = viewsOf(batch, plan);
        const gradient = learner.backward(views);
        learner.update(1e-3, gradient, views, 0);
        expect(dataReads() - before).toBe(0);
        gradient.loss.item();
      });
      expect(dataReads() - before).toBe(1);
    } finally {
      await loader.close();
      learner.dispose();
    }
  },
);
