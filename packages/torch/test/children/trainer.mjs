// A worker thread, or a whole program: trains a tiny network with its own seed. Plain JavaScript on the built package,
// since a worker loads no TypeScript.
import { parentPort, workerData } from "node:worker_threads";
import { Generator, liveTensors, nn, ops, optim, randn, scope, setThreads } from "../../dist/index.js";

export function train(seed, steps) {
  setThreads(1);
  const generator = Generator.seeded(seed);
  const network = new nn.Sequential(
    new nn.Linear(8, 16, { generator }),
    new nn.BatchNorm1d(16),
    new nn.ReLU(),
    new nn.Dropout(0.2, { generator }),
    new nn.Linear(16, 1, { generator }),
  );
  const optimizer = new optim.Adam(network.parameters(), { lr: 0.01 });
  const losses = [];
  for (let i = 0; i < steps; i++)
    scope(() => {
      const x = randn([32, 8], { generator });
      optimizer.zeroGrad();
      const loss = ops.mseLoss(network.call(x), x.sum(1, true));
      loss.backward();
      optimizer.step();
      losses.push(loss.item());
    });
  const weights = [...network.parameters()].map((p) => [...p.toTypedArray()]);
  optimizer.dispose();
  network.dispose();
  return { losses, weights };
}

if (parentPort) {
  const { seed, steps, endless } = workerData;
  const before = liveTensors();
  const result = train(seed, steps);
  parentPort.postMessage({ ...result, before });
  while (endless) train(seed, 5);
}
