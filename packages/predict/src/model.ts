import type { RgbImage } from "@duchenne/crop";
import { EMBEDDING, HEADS, INPUT, type ModelConfig } from "./config.ts";
import { InputError, ModelError } from "./errors.ts";
import { cutFace, type Face, networkView } from "./faceCrop.ts";
import { type Pixels, toRgb } from "./pixels.ts";
import type { Preprocessor } from "./preprocessor.ts";
import type { OrtRuntime, OrtTensor, Session } from "./runtime.ts";
import { normalizer, pixelValues, softmax } from "./tensors.ts";

/** Prediction for one face. Fields of heads that the model does not have are absent. */
export interface Prediction {
  /** The most probable. */
  readonly expression?: string;
  /** By class; they sum to 1. */
  readonly probabilities?: Readonly<Record<string, number>>;
  /** In [-1, 1]. */
  readonly valence?: number;
  readonly arousal?: number;
  /** [d] */
  readonly embedding: Float32Array;
}

/** Faces in one run of the network, so that memory does not grow with a crowd. */
const BATCH = 32;

/** A loaded model. `loadModel` and `fetchModel` make one. */
export class Model {
  readonly info: ModelConfig & Preprocessor;
  readonly #session: Session;
  readonly #Tensor: OrtRuntime["Tensor"];
  readonly #normalized: Float32Array;
  /** Runs one after the other: onnxruntime-web refuses a second one at the same time. */
  #last: Promise<unknown> = Promise.resolve();
  #disposed = false;

  /** @throws ModelError unless network and configuration belong together */
  constructor(config: ModelConfig, preprocessor: Preprocessor, session: Session, ort: OrtRuntime) {
    this.info = { ...config, ...preprocessor };
    this.#session = session;
    this.#Tensor = ort.Tensor;
    this.#normalized = normalizer(preprocessor);
    checkNames("inputs", session.inputNames, [INPUT]);
    checkNames("outputs", session.outputNames, [EMBEDDING, ...config.heads.map((head) => HEADS[head])]);
    if (config.imageSize !== preprocessor.size)
      throw new ModelError(
        "config.json: image_size",
        `${preprocessor.size}, the crop_size`,
        `${config.imageSize}`,
      );
  }

  /**
   * Looks at faces in a picture.
   * @returns one prediction per face, in their order
   * @throws InputError for pixels or a face that make no sense
   */
  async predict(pixels: Pixels, faces: readonly Face[]): Promise<Prediction[]> {
    const image = toRgb(pixels);
    return this.predictCrops(faces.map((face) => this.view(cutFace(image, face, this.info))));
  }

  /** What the network would see of a face. @returns [size, size, 3] RGB bytes */
  crop(pixels: Pixels, face: Face): Uint8Array {
    return this.view(cutFace(toRgb(pixels), face, this.info));
  }

  /** What the network would see of a face cut out before, as the frame store or `extractFaces` has it. @returns [size, size, 3] */
  view(face: RgbImage): Uint8Array {
    if (face.width === face.height) return networkView(face, this.info);
    throw new InputError("face", "a square", `${face.width} x ${face.height}`);
  }

  /**
   * Predictions of faces that are cropped already.
   * @param crops each [size, size, 3] RGB bytes, as `crop` and `view` return them
   * @returns one prediction per crop   @throws InputError for a crop of another size
   */
  async predictCrops(crops: readonly Uint8Array[]): Promise<Prediction[]> {
    const { size } = this.info;
    const wrong = crops.find((crop) => crop.length !== 3 * size * size);
    if (wrong) throw new InputError("crops", `${size} · ${size} · 3 bytes each`, String(wrong.length));
    const predictions: Prediction[] = [];
    for (let start = 0; start < crops.length; start += BATCH)
      predictions.push(...(await this.#inTurn(() => this.#run(crops.slice(start, start + BATCH)))));
    return predictions;
  }

  /** Frees the network; the model is of no use afterwards. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    await this.#inTurn(() => this.#session.release());
    this.#disposed = true;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => {
      if (this.#disposed)
        throw new ModelError("model", "a model that is loaded", "one that was disposed", {
          remedy: "Load it again.",
        });
      return work();
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #run(crops: readonly Uint8Array[]): Promise<Prediction[]> {
    const { size, heads, classes, embeddingSize } = this.info;
    const values = pixelValues(crops, size, this.#normalized);
    const results = await this.#session.run({
      [INPUT]: new this.#Tensor("float32", values, [crops.length, 3, size, size]),
    });
    const rows = (name: string, width: number) => rowsOf(name, results[name]!, crops.length, width);
    const embeddings = rows(EMBEDDING, embeddingSize);
    const logits = heads.includes("expression") ? rows(HEADS.expression, classes.length) : [];
    const affect = heads.includes("valence_arousal") ? rows(HEADS.valence_arousal, 2) : [];
    return crops.map((_, i) => ({
      ...(logits[i] && expressionOf(logits[i], classes)),
      ...(affect[i] && { valence: limit(affect[i][0]!), arousal: limit(affect[i][1]!) }),
      embedding: embeddings[i]!,
    }));
  }
}

/** Nothing keeps a linear layer inside the range of its labels. */
const limit = (value: number): number => Math.max(-1, Math.min(1, value));

function expressionOf(logits: Float32Array, classes: readonly string[]) {
  const probabilities = softmax(logits);
  const best = probabilities.indexOf(Math.max(...probabilities));
  return {
    expression: classes[best]!,
    probabilities: Object.fromEntries(classes.map((name, i) => [name, probabilities[i]!])),
  };
}

/** Copies of the rows, for the tensor's memory may be the runtime's. */
function rowsOf(name: string, tensor: OrtTensor, count: number, width: number): Float32Array[] {
  const { data, dims } = tensor;
  if (!(data instanceof Float32Array) || dims.join() !== `${count},${width}`)
    throw new ModelError(
      `onnx: ${name}`,
      `float32 [${count}, ${width}]`,
      `${tensor.type} [${dims.join(", ")}]`,
    );
  return Array.from({ length: count }, (_, i) => data.slice(i * width, (i + 1) * width));
}

function checkNames(what: string, names: readonly string[], wanted: readonly string[]): void {
  if (names.length === wanted.length && wanted.every((name) => names.includes(name))) return;
  throw new ModelError(`onnx: ${what}`, wanted.join(", "), names.join(", ") || "none");
}
