import { keep, type nn, noGrad, type Tensor } from "@duchenne/torch";

/** Copies the tensors of a network. The caller disposes the copies. */
export function copyState(network: nn.AnyModule): Map<string, Tensor> {
  return noGrad(
    () => new Map([...network.stateDict()].map(([name, tensor]) => [name, keep(tensor.clone())])),
  );
}
