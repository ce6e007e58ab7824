import { join } from "node:path";
import { expect, test } from "vitest";
import { runRanks } from "../../../../torch/test/rankProcesses.ts";

const PROGRAM = join(import.meta.dirname, "children/rankGradients.ts");

type Case = { loss: number; gradient: number; buffers: number; count: number };

// `scripts/ranks/equality.ts` prints the same for four, which takes two processors as long again.
test("two processes compute what one does, by every method", async () => {
  for (const { status, stderr, printed } of await runRanks(PROGRAM, 2)) {
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const { results, run, strengths } = printed as {
      results: Record<string, Case>;
      run: number;
      strengths: number[];
    };
    expect(Object.keys(results)).toHaveLength(25);
    for (const [name, { loss, gradient, buffers, count }] of Object.entries(results)) {
      expect([name, count]).toEqual([name, expect.toSatisfy((n: number) => n > 10)]);
      const exact = name.includes("float64");
      expect([name, loss]).toEqual([name, expect.toSatisfy((d: number) => d < (exact ? 1e-9 : 1e-6))]);
      for (const distance of [gradient, buffers])
        expect([name, distance]).toEqual([name, expect.toSatisfy((d: number) => d < (exact ? 1e-9 : 1e-5))]);
    }
    expect(run).toBeLessThan(1e-9);
    // A curriculum follows rank 0 in all of them.
    const blocks = [0.1, 0.1, 0.25, 0.4, 0.55, 0.7];
    expect(strengths).toBeAllclose(blocks.flatMap((value) => new Array<number>(10).fill(value)));
  }
});
