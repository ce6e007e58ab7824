import { type Device, keep, ops, scope, sharedTensor, type Tensor, tensor } from "@duchenne/torch";
import { workingSize } from "../views/resize.ts";

/** ImageNet's channel means and standard deviations, of values in [0, 1]. */
const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];
const CHANNELS = 3;

/**
 * What a backbone sees of a stored frame when it is tested: resized (shrinking is antialiased), the centre cut out,
 * normalised. Resizing, cutting and scaling are linear along each axis, so two constant matrices do all of it.
 */
export class CentreView {
  readonly size: number;
  /** [size, stored]: rows of the view from rows of the frame. */
  readonly #rows: Tensor;
  /** [stored · 3, size · 3]: columns and channels, scaled. */
  readonly #columns: Tensor;
  /** [size · 3] */
  readonly #offset: Tensor;
  readonly #stored: number;
  readonly #device: Device;

  /** @param stored side of the store's frames, pixels   @param size side of the view, pixels */
  constructor(stored: number, size: number, device: Device = "cpu") {
    this.size = size;
    this.#stored = stored;
    this.#device = device;
    const { rows, columns, offset } = scope(() => {
      const crop = cropMatrix(stored, size);
      const scale = tensor(DEVIATION.map((deviation) => 1 / (255 * deviation)));
      const perChannel = ops.einsum("ij,cd->jcid", [
        crop,
        tensor([
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
        ]).mul(scale),
      ]);
      return {
        rows: crop.to({ device }),
        columns: perChannel.reshape(stored * CHANNELS, size * CHANNELS).to({ device }),
        offset: tensor(MEAN.map((mean, c) => -mean / DEVIATION[c]!))
          .expand(size, CHANNELS)
          .reshape(-1)
          .to({ device }),
      };
    });
    [this.#rows, this.#columns, this.#offset] = [keep(rows), keep(columns), keep(offset)];
  }

  /**
   * @param frames [n, stored, stored, 3] RGB bytes
   * @returns [n, 3, size, size] float32, channels last
   */
  apply(frames: Uint8Array): Tensor {
    const width = this.#stored * CHANNELS;
    const n = frames.length / (this.#stored * width);
    return scope(() => {
      const pixels = sharedTensor(frames, [n, this.#stored, width]).to({
        device: this.#device,
        dtype: "float32",
      });
      const shrunk = this.#rows.matmul(pixels).view(n * this.size, width);
      return shrunk
        .matmul(this.#columns)
        .add_(this.#offset)
        .view(n, this.size, this.size, CHANNELS)
        .permute(0, 3, 1, 2);
    });
  }

  dispose(): void {
    for (const matrix of [this.#rows, this.#columns, this.#offset]) matrix.dispose();
  }
}

/** [size, stored]: the antialiased resize of one axis, as resizing the unit vectors shows it, and the centre of it. */
function cropMatrix(stored: number, size: number): Tensor {
  const side = workingSize(size);
  const unit = ops.eye(stored).view(1, 1, stored, stored);
  const resize = ops.interpolateBilinearAntialias(unit, [side, stored], false).view(side, stored);
  return ops.narrow(resize, 0, Math.round((side - size) / 2), size).contiguous();
}
