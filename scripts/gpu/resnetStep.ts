/** The training step of ResNet-50 that accept.sh measures, launched one by one and as a graph. */
import { autocast, Generator, ops, optim, randint, randn, scope, type Tensor } from "@duchenne/torch";
import { ResNet } from "../../packages/duchenne/src/ssl/backbones/resnet.ts";

/** Network, optimiser and the two halves of a step. */
export interface ResnetStep {
  readonly model: ResNet;
  readonly optimizer: optim.Adam;
  /** Gradients of one batch: forward and backward pass, in bfloat16 on a GPU. */
  readonly pass: () => void;
}

/** @param pixels side of the images, which are drawn once */
export function resnetStep(batch: number, pixels: number, device: string, onGpu: boolean): ResnetStep {
  const generator = Generator.seeded(0);
  const model = new ResNet("resnet50", { generator });
  model.to({ device });
  const images = randn([batch, 3, pixels, pixels], { generator }).to({ device }).contiguous("channelsLast");
  const labels = randint(0, 1000, [batch], { generator }).to({ device });
  const optimizer = new optim.Adam(model.parameters(), { lr: 3e-4 });
  const forward = () => model.call(images) as Tensor;
  const pass = () => {
    optimizer.zeroGrad();
    scope(() =>
      ops
        .crossEntropy(
          (onGpu ? autocast({ device: "cuda" }, forward) : forward()).to({ dtype: "float32" }),
          labels,
        )
        .backward(),
    );
  };
  return { model, optimizer, pass };
}
