// The step that reference/train_step.py takes, with our defaults. Arguments and requests are the same.
import { configure, FAST, Generator, ops, optim, randint, randn, scope } from "@duchenne/torch";
import { ResNet, type ResNetName } from "duchenne/ssl";
import { answer } from "./answer.ts";

const [depth, pixels, batch] = process.argv.slice(2).map(Number) as [number, number, number];
configure({ ...FAST, threads: 2 });
const generator = Generator.seeded(0);
const model = new ResNet(`resnet${depth}` as ResNetName, { generator });
const images = randn([batch, 3, pixels, pixels], { generator });
const labels = randint(0, 1000, [batch], { generator });
const optimizer = new optim.Adam(model.parameters(), { lr: 3e-4, weightDecay: 1e-4 });

function step(): void {
  optimizer.zeroGrad();
  scope(() => ops.crossEntropy(model.call(images), labels).backward());
  optimizer.step();
}

await answer((request) => {
  if (request === "peak") return process.resourceUsage().maxRSS / 1024;
  const start = performance.now();
  for (let i = 0; i < Number(request); i++) step();
  return (Number(request) * batch * 1000) / (performance.now() - start);
});
