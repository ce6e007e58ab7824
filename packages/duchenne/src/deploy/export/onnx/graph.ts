/** Builds an ONNX graph. */
import { noGrad, scope, type Tensor } from "@duchenne/torch";
import { packageVersions } from "../../../data/store/versions.ts";
import { type Attribute, attributeProto, DATA_TYPES, INT64, ModelProto, type Precision } from "./proto.ts";

/** ONNX 1.16 of 2024; onnxruntime reads it from 1.18 on. */
const OPSET = 21;
const IR_VERSION = 10;

/** A size, or the name of a size that varies. */
type Dimension = number | string;

/** Collects nodes and weights, in the order of computation. */
export class Graph {
  readonly #nodes: object[] = [];
  readonly #weights: object[] = [];
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];

  /** @param precision of the stored weights; computation, inputs and outputs are always float32 */
  constructor(readonly precision: Precision) {}

  /** Adds an input. @returns the name of its value */
  input(name: string, shape: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, shape));
    return name;
  }

  /** Adds an output. @param value name of the value to output */
  output(name: string, value: string, shape: readonly Dimension[]): void {
    this.#outputs.push(valueInfo(name, shape));
    this.node("Identity", [value], {}, name);
  }

  /** Adds a node. @param name of its value; default: the operator and a number   @returns that name */
  node(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
    name = `${operator.toLowerCase()}_${this.#nodes.length}`,
  ): string {
    const attribute = Object.entries(attributes).map(([key, value]) => attributeProto(key, value));
    this.#nodes.push({ name, op_type: operator, input: inputs, output: [name], attribute });
    return name;
  }

  /**
   * Adds a weight. Half-precision weights are widened when the file is loaded: processors convolve float32, and few of them
   * float16.
   * @param tensor on any device   @returns the name of its float32 value
   */
  weight(name: string, tensor: Tensor): string {
    const values = scope(() =>
      noGrad(() => tensor.to({ device: "cpu", dtype: this.precision }).toTypedArray()),
    );
    const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const isHalf = this.precision === "float16";
    const stored = isHalf ? `${name}_half` : name;
    const about = { name: stored, dims: tensor.shape, data_type: DATA_TYPES[this.precision] };
    this.#weights.push({ ...about, raw_data: raw });
    return isHalf ? this.node("Cast", [stored], { to: DATA_TYPES.float32 }, name) : name;
  }

  /** Adds a constant of integers: a shape, axes or indices. @returns its name */
  integers(name: string, values: readonly number[]): string {
    const raw = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    this.#weights.push({ name, dims: [values.length], data_type: INT64, raw_data: raw });
    return name;
  }

  /** Encodes the file. @param name of the network   @param metadata text for readers of the file */
  encode(name: string, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    const graph = {
      name,
      node: this.#nodes,
      initializer: this.#weights,
      input: this.#inputs,
      output: this.#outputs,
    };
    const model = {
      ir_version: IR_VERSION,
      producer_name: "duchenne",
      producer_version: packageVersions().duchenne,
      graph,
      opset_import: [{ domain: "", version: OPSET }],
      metadata_props: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    };
    return ModelProto.encode(ModelProto.fromObject(model)).finish();
  }
}

function valueInfo(name: string, shape: readonly Dimension[]): object {
  const dim = shape.map((size) => (typeof size === "number" ? { dim_value: size } : { dim_param: size }));
  return { name, type: { tensor_type: { elem_type: DATA_TYPES.float32, shape: { dim } } } };
}
