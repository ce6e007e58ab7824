import { type nn, type StateDict, scope, tensorsOf } from "@duchenne/torch";
import { NEIGHBOUR_QUEUE } from "../methods/neighbourQueue.ts";
import { backboneTensors, findWeights } from "../run/backboneState.ts";
import { CheckpointError } from "../run/errors.ts";

/**
 * Starts a network from weights learned before: the backbone, and heads of the same names and shapes. Momentum copies start
 * as copies of what they copy.
 * @param network of a method   @param path of a weights file, a run or a checkpoint
 * @returns what was loaded, for the user
 * @throws CheckpointError unless the whole backbone is there and fits
 */
export function initializeNetwork(network: nn.AnyModule, path: string): string {
  const found = findWeights(path);
  const backbone = [...backboneTensors(found, path)].map(
    ([name, tensor]) => [`backbone.${name}`, tensor] as const,
  );
  const source: StateDict = new Map([...(found.state ? found.tensors : []), ...backbone]);
  // Numbers of people in a queue of neighbours are those of the other run's store: it starts empty.
  const own = [...network.stateDict().keys()].filter((name) => !name.startsWith(`${NEIGHBOUR_QUEUE}.`));
  const chosen = own.flatMap((name) => {
    const tensor = source.get(name) ?? source.get(withoutCopy(name));
    return tensor ? [[name, tensor] as const] : [];
  });
  const { missing, mismatched } = scope(() =>
    network.loadStateDict(tensorsOf(new Map(chosen)), { strict: false }),
  );
  const misfits = [...missing, ...mismatched.map(({ name }) => name)];
  requireBackbone(path, misfits);
  const fresh = topNames(misfits);
  const rest = fresh.length > 0 ? `; new: ${fresh.join(", ")}` : "";
  return `started from ${found.description}: ${topNames(own.filter((name) => !misfits.includes(name))).join(", ")}${rest}`;
}

/** `momentum.backbone.conv1.weight` is a copy of `backbone.conv1.weight`. */
const withoutCopy = (name: string): string => name.slice(name.indexOf(".") + 1);

const topNames = (names: readonly string[]): string[] => [
  ...new Set(names.map((name) => name.split(".")[0]!)),
];

function requireBackbone(path: string, misfits: readonly string[]): void {
  const lost = misfits.filter((name) => name.startsWith("backbone."));
  if (lost.length === 0) return;
  const more = lost.length > 3 ? ` and ${lost.length - 3} more` : "";
  throw new CheckpointError(
    path,
    "weights in the shapes of `arch`",
    `weights of another architecture, which differ in ${lost.slice(0, 3).join(", ")}${more}`,
    "Choose the architecture of the weights, or other weights.",
  );
}
