import {
  PickleDict,
  PickleGlobal,
  PickleList,
  PickleStorage,
  PickleTensor,
  PickleTuple,
  type PickleValue,
  UnknownObject,
} from "./pickleValues.ts";
import { MAX_DIMENSIONS } from "./tensorData.ts";

type Arguments = readonly PickleValue[];

/** Counts items that are copied, so that copying one long list a thousand times is refused. */
export type Charge = (items: number) => void;

/** Makes a value, or returns undefined if the arguments are not ones we understand. */
type Constructor = (args: Arguments, charge: Charge) => PickleValue | undefined;

/**
 * Everything a pickle may call, by its full name. Each entry only describes what Python would have built; whatever is
 * not listed becomes an UnknownObject.
 */
const CONSTRUCTORS = new Map<string, Constructor>([
  ["collections.OrderedDict", makeDict],
  ["collections.defaultdict", () => new PickleDict()],
  ["builtins.dict", makeDict],
  ["__builtin__.dict", makeDict],
  ["torch.Size", ([sizes]) => (sizes instanceof PickleList ? new PickleTuple(sizes.items) : sizes)],
  ["torch._utils._rebuild_tensor", rebuildTensor],
  ["torch._utils._rebuild_tensor_v2", rebuildTensorV2],
  ["torch._utils._rebuild_parameter", firstTensor],
  ["torch._utils._rebuild_parameter_with_state", firstTensor],
  // How PyTorch before 0.4 wrote parameters and buffers.
  ["torch.nn.parameter.Parameter", firstTensor],
  ["torch.autograd.variable.Variable", firstTensor],
  ["torch._tensor._rebuild_from_type", rebuildFromType],
  ["torch._tensor._rebuild_from_type_v2", rebuildFromType],
]);

/**
 * What calling `callee` would have made, as an inert record.
 * @param args a tuple in every valid pickle
 * @param charge called for every item copied
 */
export function construct(callee: PickleValue, args: PickleValue, charge: Charge): PickleValue {
  if (!(callee instanceof PickleGlobal)) return new UnknownObject("(call of an object)");
  const made = args instanceof PickleTuple ? CONSTRUCTORS.get(callee.path)?.(args.items, charge) : undefined;
  return made ?? new UnknownObject(callee.path);
}

/** Python 2 gave an ordered dict's pairs as an argument. */
function makeDict([pairs]: Arguments, charge: Charge): PickleDict | undefined {
  const dict = new PickleDict();
  if (pairs === undefined) return dict;
  if (!(pairs instanceof PickleList)) return undefined;
  charge(pairs.items.length);
  for (const pair of pairs.items) {
    const items = pair instanceof PickleList || pair instanceof PickleTuple ? pair.items : [];
    if (items.length !== 2) return undefined;
    dict.set(items[0]!, items[1]!);
  }
  return dict;
}

/** (data, requires_grad, …) */
function firstTensor([data]: Arguments): PickleValue | undefined {
  return data instanceof PickleTensor ? data : undefined;
}

/** (storage, storage_offset, size, stride) */
function rebuildTensor([storage, offset, size, stride]: Arguments): PickleTensor | undefined {
  const shape = lengths(size);
  const strides = lengths(stride);
  if (!(storage instanceof PickleStorage) || !isLength(offset)) return undefined;
  if (shape === undefined || strides?.length !== shape.length) return undefined;
  return new PickleTensor(storage, offset, shape, strides);
}

/** (storage, storage_offset, size, stride, requires_grad, backward_hooks, metadata) */
function rebuildTensorV2(args: Arguments): PickleTensor | undefined {
  const metadata = args[6] ?? null;
  // Metadata says that a tensor is to be negated or conjugated when read.
  const isPlain = metadata === null || (metadata instanceof PickleDict && metadata.pairs.length === 0);
  return isPlain ? rebuildTensor(args) : undefined;
}

/** (function, class, arguments, state): a tensor with attributes, which are dropped. */
function rebuildFromType([builder, , args]: Arguments, charge: Charge): PickleValue | undefined {
  if (!(builder instanceof PickleGlobal) || CONSTRUCTORS.get(builder.path) === rebuildFromType)
    return undefined;
  const made = construct(builder, args ?? null, charge);
  return made instanceof PickleTensor ? made : undefined;
}

function lengths(value: PickleValue | undefined): number[] | undefined {
  if (!(value instanceof PickleTuple || value instanceof PickleList)) return undefined;
  const items: readonly PickleValue[] = value.items;
  return items.length <= MAX_DIMENSIONS && items.every(isLength) ? [...items] : undefined;
}

function isLength(value: PickleValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
