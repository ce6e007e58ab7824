// A view of your own: random erasing. npx tsx examples/ownView.ts films.store runs/erasing
import { ops } from "@duchenne/torch";
import { adam, faceViews, type ImageView, pretrain, sslFer, tinyResNet, warmupCosine } from "duchenne/ssl";

/** A grey square on some images. Draws are sampled for a batch, then applied to any of its images: the seed decides them. */
function erasing(
  probability: number,
  share: number,
): ImageView<{ x: number; y: number; side: number } | null> {
  return {
    name: "erasing",
    settings: { probability, share },
    sample(count, size, rng) {
      const side = Math.round(size * share);
      return Array.from({ length: count }, () =>
        rng.chance(probability)
          ? { x: rng.integer(size - side + 1), y: rng.integer(size - side + 1), side }
          : null,
      );
    },
    apply(images, draws) {
      for (const [i, draw] of draws.entries()) {
        if (draw === null) continue;
        const rows = ops.narrow(ops.narrow(images, 0, i, 1), 2, draw.y, draw.side);
        ops.narrow(rows, 3, draw.x, draw.side).copy_(ops.full([], 127.5));
      }
      return images;
    },
  };
}

const [store = "films.store", out = "runs/erasing", steps = "300"] = process.argv.slice(2);
const run = await pretrain({
  store,
  method: sslFer({ backbone: tinyResNet(), temperature: 0.1 }),
  views: faceViews({ size: 48, landmarkMaskProbability: 0, extraViews: [erasing(0.5, 0.3)] }),
  optimizer: adam({ learningRate: 1e-3 }),
  schedule: warmupCosine({ warmupSteps: 20 }),
  batch: 8,
  steps: Number(steps),
  out,
});
console.log(`${run.step} updates, loss ${run.loss?.toFixed(3)}: ${run.checkpoint}`);
