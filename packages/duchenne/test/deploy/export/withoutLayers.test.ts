/** A backbone in PyTorch's style: `embed` alone. It trains and is probed; an export needs its layers. */
import { nn, randn, type Tensor } from "@duchenne/torch";
import { expect, test } from "vitest";
import { ExportError } from "../../../src/deploy/export/onnx/errors.ts";
import { writeOnnx } from "../../../src/deploy/export/onnx/writeOnnx.ts";
import { FoldedBackbone } from "../../../src/ssl/backbones/folded.ts";
import type { Backbone } from "../../../src/ssl/backbones/index.ts";

class OneConvolution extends nn.Module implements Backbone {
  readonly features = 4;
  readonly convolution = new nn.Conv2d(3, 4, 3);

  override forward(images: Tensor): Tensor {
    return this.convolution.call(images).mean([2, 3]);
  }

  embed(images: Tensor): Tensor {
    return this.call(images);
  }
}

test("is evaluated as it is", () => {
  const backbone = new OneConvolution().eval();
  const images = randn([2, 3, 8, 8]);
  const folded = new FoldedBackbone(backbone);
  expect(folded.embed(images).toArray()).toEqual(backbone.embed(images).toArray());
  folded.dispose();
});

test("is not exported, and the error says what to add", () => {
  const network = { backbone: new OneConvolution(), heads: [] };
  expect(() => writeOnnx(network, 8, "float32")).toThrow(ExportError);
  expect(() => writeOnnx(network, 8, "float32")).toThrow(
    "expected a backbone with `layers`, the modules that `embed` applies one after the other, received a OneConvolution without them",
  );
});
