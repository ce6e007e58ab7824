// A small network learns the sum of squares of four numbers.
import { configure, FAST, Generator, nn, ops, optim, randn, scope } from "@duchenne/torch";

configure(FAST);
const generator = Generator.seeded(1);
const model = new nn.Sequential(
  new nn.Linear(4, 32, { generator }),
  new nn.ReLU(),
  new nn.Linear(32, 1, { generator }),
);
const optimizer = new optim.Adam(model.parameters(), { lr: 1e-2 });
const inputs = randn([256, 4], { generator });
const targets = inputs.pow(2).sum(1, true);

for (let step = 0; step < 500; step++) {
  const loss = scope(() => {
    const loss = ops.mseLoss(model.call(inputs), targets);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss.item();
  });
  if (step % 100 === 0) console.log(step, loss);
}
