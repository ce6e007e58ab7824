// Training steps of a small residual network, without a word to the collector. Prints what memory.slow.test.ts asks.
import { Generator, liveTensors, nn, ops, optim, randint, randn, scope, type Tensor } from "@duchenne/torch";

const generator = Generator.seeded(1);
const init = { generator };

class Residual extends nn.Module {
  readonly #body = this.child(
    "body",
    new nn.Sequential(
      new nn.Conv2d(16, 16, 3, { padding: 1, bias: false, ...init }),
      new nn.BatchNorm2d(16),
      new nn.ReLU({ inPlace: true }),
      new nn.Conv2d(16, 16, 3, { padding: 1, bias: false, ...init }),
      new nn.BatchNorm2d(16),
    ),
  );

  override forward(x: Tensor): Tensor {
    return ops.relu_(this.#body.call(x).add_(x));
  }
}

const stem = new nn.Conv2d(3, 16, 3, { stride: 2, padding: 1, ...init });
const head = new nn.Linear(16, 10, init);
const network = new nn.Sequential(stem, new Residual(), new Residual(), new nn.AdaptiveAvgPool2d(1)).to({
  memoryFormat: "channelsLast",
});
const parameters = [...network.parameters(), ...head.parameters()];
const optimizer = new optim.Adam(parameters, { lr: 1e-3, weightDecay: 1e-4 });

function step(): void {
  scope(() => {
    const images = randn([8, 3, 16, 16], { generator });
    const labels = randint(0, 10, [8], { generator });
    optimizer.zeroGrad();
    ops.crossEntropy(head.call(network.call(images).flatten(1)), labels).backward();
    nn.utils.clipGradNorm_(parameters, 1);
    optimizer.step();
  });
}

step(); // makes the optimiser's state
const before = liveTensors();
// The compiler of JavaScript is done by then, on a loaded machine, too.
for (let i = 0; i < 300; i++) step();
const early = process.memoryUsage().rss;
for (let i = 300; i < 1300; i++) step();
console.log(JSON.stringify({ before, after: liveTensors(), early, late: process.memoryUsage().rss }));
