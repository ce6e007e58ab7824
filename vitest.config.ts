import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "benchmarks/**/*.test.ts"],
    // Files run side by side in processes of their own, each on one processor: libtorch's threads would fight otherwise.
    pool: "forks",
    env: { OMP_NUM_THREADS: "1" },
    setupFiles: ["packages/torch/test/matchers.ts"],
    testTimeout: 60_000,
  },
});
