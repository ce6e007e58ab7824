import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Starts slow files first: one that starts last leaves the other processors idle. */
class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => (moduleId.endsWith(".slow.test.ts") ? 0 : 1);
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}

function project(name: string, setupFiles: string[], folder = "packages") {
  return {
    extends: true as const,
    test: { name, setupFiles, include: [`${folder}/${name}/test/**/*.test.ts`] },
  };
}

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    // Files run side by side in processes of their own, each on one processor: libtorch's threads would fight otherwise. Tests
    // named *.bits.test.ts hold with any number of threads; scripts/testProcessors.mjs sets it.
    pool: "forks",
    env: { OMP_NUM_THREADS: process.env.DUCHENNE_TEST_THREADS ?? "1" },
    // Timeouts end what hangs. A busy machine takes twenty times as long as a quiet one, and fails nothing by it.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    sequence: { sequencer: SlowFirst },
    globalSetup: "scripts/freshBuild.ts",
    projects: [
      project("torch", ["packages/torch/test/matchers.ts"]),
      project("addon", []),
      project("crop", []),
      project("predict", []),
      project("face", []),
      project("model-fer", []),
      project("duchenne", ["packages/torch/test/matchers.ts"]),
      project("studio", [], "apps"),
      project("checks", [], "scripts"),
      project("reference", [], "docs"),
    ],
  },
});
