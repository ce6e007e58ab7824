// What to do about libtorch's refusals; for the commonest, tensors of dtypes, or on devices, that do not go together, by their names.
import { native } from "./native.ts";
import { parseSchema } from "./schema.ts";
import type { Argument } from "./tape.ts";
import { Tensor } from "./tensor.ts";

/** A tensor argument of the call that failed. */
interface Given {
  name: string;
  dtype: string;
}

const aboutDtypes = /type|not implemented for|index tensor|indices must|boolean|BoolTensor|floating point/i;
const maskNames = ["mask", "condition"];
const indexNames = ["index", "indices"];
/** Losses that take class labels, whose other target would be probabilities. */
const classLosses = /^aten::(cross_entropy_loss|nll_loss\w*)$/;
const countingOperators = ["aten::one_hot", "aten::bincount"];

/**
 * What to do about a call that libtorch refused.
 * @param operator its name   @param values its arguments   @param reason libtorch's words
 */
export function remedyOf(operator: string, values: readonly Argument[], reason: string): string {
  const isOwn = operator.startsWith("duchenne::");
  // Our own operators say in a second sentence what to do; libtorch's refusals within them have one.
  if (isOwn && /\. [A-Z]/.test(reason)) return "";
  const known = knownRemedy(operator, values, reason);
  return known || isOwn ? known : remedyByKind(reason) || COMPARE;
}

/** The arguments stand before the reason. */
const COMPARE =
  "Compare the shapes, dtypes and values in parentheses: `reshape`, `transpose` and `unsqueeze` change a shape, `to` a dtype.";

function knownRemedy(operator: string, values: readonly Argument[], reason: string): string {
  if (/same device|is on cpu|different .*device/i.test(reason))
    return 'Move the tensors to one device: `x.to({ device: "cuda" })`, a module with its `to`.';
  if (/leaf Variable that requires grad/.test(reason))
    return "Change it inside `noGrad(() => …)`, or change a `clone()`.";
  if (/does not require grad and does not have a grad_fn/.test(reason))
    return "Nothing it was computed from requires gradients, or that was done inside `noGrad`: make the inputs with `requiresGrad: true`, or use a module's parameters.";
  if (/backward through the graph a second time/.test(reason))
    return "Call `backward(null, { retainGraph: true })` the first time, or compute the loss anew.";
  if (/could not create a primitive/.test(reason)) return oneDnnRemedy();
  if (/^a gradient of shape/.test(reason))
    return "Give the gradient the tensor's shape: `g.reshape(...x.shape)`.";
  if (/^a tensor cannot be its own gradient/.test(reason)) return "Pass a copy: `x.detach().clone()`.";
  if (/^shape .* needs|^the sizes overflow|size must not be negative/.test(reason))
    return "Pass sizes from 0 that multiply to the number of values.";
  if (!aboutDtypes.test(reason)) return "";
  if ((operator === "aten::_backward" || operator === "grad") && !reason.startsWith("a gradient"))
    return "What was computed has parts of several dtypes: give a loss's target the prediction's, `y.to({ dtype: x.dtype })`.";
  return dtypeRemedy(operator, given(operator, values), reason);
}

/** libtorch asks oneDNN for what the processor has, and oneDNN refuses it if the environment hides the processor's instructions. */
function oneDnnRemedy(): string {
  const limit = process.env.ONEDNN_MAX_CPU_ISA;
  return limit === undefined
    ? 'oneDNN has no such operator for this dtype on this processor: convert first, `x.to({ dtype: "float32" })`.'
    : `ONEDNN_MAX_CPU_ISA=${limit} hides instructions that this dtype needs: start without it, or convert first, \`x.to({ dtype: "float32" })\`.`;
}

/** What to do about a value that a schema does not take. @param operator its name   @param expected the type, or the names it is one of */
export function argumentRemedyOf(operator: string, expected: string, received: string): string {
  if (expected.startsWith("int") && Number.isFinite(Number(received)) && !Number.isInteger(Number(received)))
    return `Round it first: \`Math.floor(${received})\`.`;
  if (expected.startsWith("one of ")) return "Use one of these names.";
  if (expected.startsWith("a device ")) return "Use cpu, or cuda on a machine with one.";
  if (expected.startsWith("Generator")) return "Pass one that `Generator.seeded(1)` makes.";
  if (expected.startsWith("Tensor"))
    return expected.includes("[") ? "Pass a list of tensors." : "Pass a tensor: `tensor(values)` makes one.";
  return operator.includes("::")
    ? `\`operatorSchema(${JSON.stringify(operator)})\` returns what it takes.`
    : "Pass a value of this type.";
}

/** What to do about a refusal of which only the kind is known. */
function remedyByKind(reason: string): string {
  if (/out of memory|can't allocate memory/.test(reason))
    return "Compute less at once, as a smaller batch, or free tensors sooner: `scope(() => …)`.";
  if (/[Oo]ut of range|out of bounds|index .* is out|Dimension specified/.test(reason))
    return "Pass a value in this range.";
  if (/NCCL|CUDA|cuda/.test(reason))
    return 'Use `{ device: "cpu" }`, or a GPU that this libtorch was built for.';
  return "";
}

function dtypeRemedy(operator: string, tensors: readonly Given[], reason: string): string {
  const index = tensors.find((tensor) => isIndex(operator, tensor) && isNoIndex(operator, tensor, reason));
  if (index)
    return `\`${index.name}\` is ${index.dtype}, and indices and class labels are int64: \`x.to({ dtype: "int64" })\`, or \`tensor([0, 1], { dtype: "int64" })\` when it is made; numbers without a dtype become float32.`;
  const mask = tensors.find(({ name, dtype }) => maskNames.includes(name) && dtype !== "bool");
  if (mask)
    return `\`${mask.name}\` is ${mask.dtype}, and a mask is bool: compare, as \`x.gt(0)\` does, or \`x.to({ dtype: "bool" })\`.`;
  const computed = tensors.filter((tensor) => !isIndex(operator, tensor) && !maskNames.includes(tensor.name));
  return computedRemedy([...new Set(computed.map(({ dtype }) => dtype))]);
}

function computedRemedy(dtypes: readonly string[]): string {
  const target = dtypes.includes("float32") ? "float32" : (dtypes.find(isFloating) ?? "float32");
  if (dtypes.length > 1)
    return `The tensors are ${dtypes.join(" and ")}: convert them to one dtype, as \`x.to({ dtype: "${target}" })\`, or a whole module with its \`to\`.`;
  const [only] = dtypes;
  if (only === undefined) return "";
  if (!isFloating(only)) return `The tensor is ${only}: convert it first, \`x.to({ dtype: "float32" })\`.`;
  return only === "float16" || only === "bfloat16"
    ? `This device has no such operator for ${only}: convert first, \`x.to({ dtype: "float32" })\`.`
    : "";
}

function isIndex(operator: string, { name }: Given): boolean {
  return (
    indexNames.includes(name) ||
    (name === "target" && classLosses.test(operator)) ||
    (name === "self" && countingOperators.includes(operator))
  );
}

/** Whether it was refused as an index: floating point, or int32 if libtorch wants int64. */
function isNoIndex(operator: string, { name, dtype }: Given, reason: string): boolean {
  if (name === "target" && !/Long/.test(reason)) return false; // probabilities of the input's shape
  return (
    isFloating(dtype) || (dtype !== "int64" && (classLosses.test(operator) || /int64|Long/.test(reason)))
  );
}

function isFloating(dtype: string): boolean {
  return dtype.includes("float");
}

function given(operator: string, values: readonly Argument[]): Given[] {
  const names = argumentNames(operator);
  return values.flatMap((value, i) =>
    [value]
      .flat()
      .flatMap((item) =>
        item instanceof Tensor && !item.isDisposed
          ? [{ name: names[i] ?? `argument ${i}`, dtype: item.dtype }]
          : [],
      ),
  );
}

function argumentNames(operator: string): string[] {
  const dot = operator.indexOf(".", operator.indexOf("::"));
  const [base, overload] = dot < 0 ? [operator, ""] : [operator.slice(0, dot), operator.slice(dot + 1)];
  const schema = operator.includes("::") ? native.schema(base, overload) : "";
  return schema ? parseSchema(schema).arguments.map(({ name }) => name) : [];
}
