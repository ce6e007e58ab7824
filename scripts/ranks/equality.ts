/**
 * Prints how far 2 and 4 processes are from one: loss and gradient of every method, and the weights after 30 updates.
 *
 *     npx tsx --conditions=source scripts/ranks/equality.ts [processes …]
 */
import { fileURLToPath } from "node:url";
import { runRanks } from "../../packages/torch/test/rankProcesses.ts";

const PROGRAM = fileURLToPath(
  new URL("../../packages/duchenne/test/ssl/train/children/rankGradients.ts", import.meta.url),
);
type Case = { loss: number; gradient: number; buffers: number };

for (const processes of process.argv.length > 2 ? process.argv.slice(2).map(Number) : [2, 4])
  for (const [rank, { status, stderr, printed }] of (await runRanks(PROGRAM, processes)).entries()) {
    if (status !== 0) throw new Error(`rank ${rank} of ${processes} failed: ${stderr}`);
    const { results, run } = printed as { results: Record<string, Case>; run: number };
    for (const kind of ["float64", "float32"]) {
      const cases = Object.entries(results).flatMap(([name, values]) =>
        name.includes(kind) ? [values] : [],
      );
      const worst = (pick: (values: Case) => number) => Math.max(...cases.map(pick)).toExponential(1);
      const line = { processes, rank, kind, cases: cases.length };
      console.log(
        JSON.stringify({
          ...line,
          loss: worst((c) => c.loss),
          gradient: worst((c) => c.gradient),
          buffers: worst((c) => c.buffers),
        }),
      );
    }
    console.log(
      JSON.stringify({
        processes,
        rank,
        kind: "weights after 30 updates, float64",
        difference: run.toExponential(1),
      }),
    );
  }
