import { autocast, ops, optim, scope } from "@duchenne/torch";
import { FrameStore } from "./dist/data/index.js";
import { trainingView } from "./dist/evaluate/data/imageViews.js";
import { Random } from "./dist/lib/random.js";
import { SlimResNet } from "./dist/ssl/backbones/slim.js";

const s = FrameStore.open("/tmp/ferlab/ferplus.store");
const keys = Array.from({ length: 64 }, (_, i) => i * 7);
const rng = Random.fromSeed(1);
const t = (n, f) => {
  f();
  const a = performance.now();
  for (let i = 0; i < n; i++) f(i);
  console.log(n, ((performance.now() - a) / n).toFixed(1), "ms");
};
t(10, (i) => s.readFrames(keys));
t(10, (i) =>
  scope(() => {
    trainingView(
      s.readFrames(keys),
      { stored: 48, size: 48, device: "cpu", rotate: 12, zoom: 0.12, erase: 0.3 },
      rng.fork("a" + i),
    );
  }),
);
t(10, (i) =>
  scope(() => {
    trainingView(s.readFrames(keys), { stored: 48, size: 48, device: "cpu" }, rng.fork("a" + i));
  }),
);
const net = new SlimResNet();
const o = new optim.AdamW(
  [...net.parameters()].filter((p) => p.requiresGrad),
  { lr: 1e-4 },
);
const x = trainingView(s.readFrames(keys), { stored: 48, size: 48, device: "cpu" }, rng).contiguous(
  "channelsLast",
);
t(10, () =>
  scope(() => {
    const y = autocast({ device: "cpu" }, () => net.call(x));
    o.zeroGrad();
    const z = y.to({ dtype: "float32" });
    z.mul(z).mean().backward();
    o.step();
  }),
);
t(10, () =>
  scope(() => {
    o.step();
  }),
);
const b = ops.cat([x, x]).contiguous("channelsLast");
t(10, () =>
  scope(() => {
    const y = autocast({ device: "cpu" }, () => net.call(b));
    o.zeroGrad();
    const z = y.to({ dtype: "float32" });
    z.mul(z).mean().backward();
    o.step();
  }),
);
