import { readPth } from "./pth.ts";
import { readSafetensors } from "./safetensors.ts";
import type { StateDict } from "./tensorData.ts";

/**
 * Reads a weights file: safetensors by its ending, else what PyTorch's `torch.save` wrote.
 * @throws WeightsError for a file that is neither, corrupt or hostile
 */
export function readWeights(path: string): StateDict {
  return path.endsWith(".safetensors") ? readSafetensors(path).tensors : readPth(path).tensors;
}
