import { createHash } from "node:crypto";
import type { nn, Tensor } from "@duchenne/torch";

/** SHA-256 of the weights of a network and their names. */
export const weightsDigest = (network: nn.AnyModule): string => tensorsDigest(network.stateDict());

/** SHA-256 of tensors and their names. @param tensors in the order of the network's state dict */
export function tensorsDigest(tensors: Iterable<readonly [string, Tensor]>): string {
  const hash = createHash("sha256");
  for (const [name, tensor] of tensors) {
    const { buffer, byteOffset, byteLength } = tensor.toTypedArray();
    hash.update(`${name} ${tensor.dtype} ${tensor.shape.join()}\n`);
    hash.update(new Uint8Array(buffer, byteOffset, byteLength));
  }
  return hash.digest("hex");
}
