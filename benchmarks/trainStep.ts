/** Whole training steps, our defaults against PyTorch's plain loop and its channels_last loop, in turns; then peak memory. */
import { median, print } from "./line.ts";
import { ours, type Peer, pythonWithTorch, reference } from "./peer.ts";

const CASES = [
  { depth: 18, pixels: 64, batch: 64, steps: 3, rounds: 7 },
  { depth: 50, pixels: 112, batch: 32, steps: 1, rounds: 7 },
];
const FORMATS = ["nchw", "channels-last"] as const;

async function run({ depth, pixels, batch, steps, rounds }: (typeof CASES)[number]): Promise<void> {
  const args = [depth, pixels, batch].map(String);
  const peers: Peer[] = [ours("trainStep.peer.ts", args)];
  if (python) for (const format of FORMATS) peers.push(reference(python, "train_step.py", [...args, format]));
  const speeds = peers.map((): number[] => []);
  for (const peer of peers) await peer.ask("2");
  for (let round = 0; round < rounds; round++)
    for (const [i, peer] of peers.entries()) speeds[i]!.push(await peer.ask(String(steps)));
  const peaks: number[] = [];
  for (const peer of peers) peaks.push(await peer.ask("peak"));
  for (const peer of peers) peer.end();
  const name = `resnet${depth} ${pixels}px batch ${batch}`;
  for (const [i, format] of FORMATS.entries()) {
    const of = (values: readonly number[]) => ({ ours: values[0]!, reference: values[i + 1] ?? null });
    const referenceName = `pytorch-${format}`;
    print(
      { bench: "train-step", case: name, unit: "images/s", ...of(speeds.map(median)), referenceName },
      "more",
    );
    print(
      { bench: "train-step", case: `${name} peak memory`, unit: "MB", ...of(peaks), referenceName },
      "less",
    );
  }
}

const python = pythonWithTorch();
for (const sizes of CASES) await run(sizes);
