import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"] } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "benchmarks/**/*.test.ts"],
    // Native addons keep state per process, and two files at once fill the two cores libtorch would use anyway.
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
