import { type Argument, dispatch, grad, ops, type Result, scope, Tensor, tensor } from "@duchenne/torch";

/** Truncation error of the central difference falls with its square, rounding error rises: best near the cube root of 1e-16. */
const step = 1e-5;
const allowed = 1e-6;

function differentiable(value: unknown): value is Tensor {
  return value instanceof Tensor && value.dtype === "float64";
}

export interface Checked {
  operator: string;
  /** Makes the operator's arguments of the ones that vary, e.g. a symmetric matrix of any. */
  prepare?: (values: readonly Argument[]) => readonly Argument[];
}

/** The tensors of a call, those in lists too, whose gradient is checked. */
function inputsOf(values: readonly Argument[]): Tensor[] {
  return values.flat().filter(differentiable);
}

/** The first floating-point result: what an operator that also gives indices is differentiated by. */
function outputOf(result: Result | undefined): Tensor[] {
  return (Array.isArray(result) ? result.flat() : [result]).filter(differentiable);
}

// A weighted sum with unequal weights, so that no two errors cancel.
function objective({ operator, prepare }: Checked, values: readonly Argument[]): Tensor {
  const terms = outputOf(dispatch(operator, prepare ? prepare(values) : values)).map((output) => {
    const weights = Float64Array.from({ length: output.numel }, (_, i) => Math.sin(1 + 1.7 * i));
    return output.mul(tensor(weights, { shape: output.shape })).sum();
  });
  return terms.reduce((sum, term) => sum.add(term));
}

function numericalGradient(checked: Checked, values: readonly Argument[], input: Tensor): Float64Array {
  const flat = ops.view(input.detach(), [-1]);
  return Float64Array.from({ length: input.numel }, (_, i) => {
    const element = flat.at(i);
    const original = element.item();
    const at = (value: number) => {
      element.fill_(value);
      return scope(() => objective(checked, values)).item();
    };
    const slope = (at(original + step) - at(original - step)) / (2 * step);
    element.fill_(original);
    return slope;
  });
}

/**
 * Compares an operator's gradients with central finite differences, in float64.
 * @param values arguments in the schema's order; every float64 tensor among them, in lists too, is differentiated by
 * @returns one line per disagreement; empty when all agree
 */
export function gradcheck(checked: Checked, values: readonly Argument[]): string[] {
  return scope(() => {
    const inputs = inputsOf(values);
    for (const input of inputs) input.requiresGrad_();
    if (inputs.length === 0) return ["no float64 input"];
    const gradients = grad([objective(checked, values)], inputs, { allowUnused: true });
    return inputs.flatMap((input, k) => {
      const analytical = gradients[k]?.toTypedArray() ?? new Float64Array(input.numel);
      const numerical = numericalGradient(checked, values, input);
      const worst = numerical.findIndex((slope, i) => !close(Number(analytical[i]), slope));
      return worst < 0
        ? []
        : [`input ${k}, element ${worst}: ${analytical[worst]} is not ${numerical[worst]}`];
    });
  });
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= allowed * Math.max(1, Math.abs(a), Math.abs(b));
}
