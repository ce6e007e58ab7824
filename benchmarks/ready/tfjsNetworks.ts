/**
 * The expression networks of face-api and of human on a crop, each prepared as its own package prepares a face. The same program in Node
 * and in a browser: TensorFlow.js and the files are handed in.
 */

/** Side of a crop, pixels. */
export const SIDE = 48;

interface Tensor {
  data(): Promise<ArrayLike<number>>;
  dispose(): void;
}

/** What is used of TensorFlow.js. */
export interface Tf {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tidy<T>(work: () => T): T;
  tensor(values: ArrayLike<number>, shape: readonly number[], dtype?: "int32" | "float32"): Tensor;
  image: { resizeBilinear(images: Tensor, size: readonly [number, number], alignCorners: boolean): Tensor };
  mul(a: Tensor, b: number | Tensor): Tensor;
  sub(a: Tensor, b: number): Tensor;
  sum(a: Tensor, axis: number, keepDims: boolean): Tensor;
  io: {
    decodeWeights(bytes: ArrayBuffer, specs: unknown): unknown;
    fromMemory(artifacts: object): unknown;
  };
  loadGraphModel(handler: unknown): Promise<{ execute(input: Tensor): Tensor }>;
}

/** What is used of face-api. */
export interface FaceApi {
  readonly nets: {
    readonly faceExpressionNet: {
      loadFromWeightMap(weights: unknown): void;
      predictExpressions(input: Tensor): Promise<Readonly<Record<string, number>>>;
    };
  };
}

/** JSON and weights of both networks. */
export interface NetworkFiles {
  readonly faceApi: {
    readonly manifest: readonly { readonly weights: unknown }[];
    readonly bytes: ArrayBuffer;
  };
  readonly human: {
    readonly model: {
      readonly modelTopology: object;
      readonly weightsManifest: readonly { readonly weights: unknown }[];
    };
    readonly bytes: ArrayBuffer;
  };
}

/** A network that reads crops. */
export interface CropReader {
  /** By the number of the output, in the package's words. */
  readonly labels: readonly string[];
  /** @param grey [48 · 48] bytes   @returns probabilities, in the order of `labels` */
  read(grey: Uint8Array): Promise<readonly number[]>;
}

const FACE_API_LABELS = ["neutral", "happy", "sad", "angry", "fearful", "disgusted", "surprised"];
const HUMAN_LABELS = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"];
/** Side of the input of human's network, and its weights of red, green and blue. */
const HUMAN_SIDE = 64;
const HUMAN_GREY = [0.2989, 0.587, 0.114];

const rgbOf = (grey: Uint8Array): Int32Array =>
  Int32Array.from({ length: 3 * grey.length }, (_, i) => grey[Math.floor(i / 3)]!);

/** face-api's FaceExpressionNet, which resizes a crop itself. */
export function openFaceApi(tf: Tf, { nets }: FaceApi, { faceApi }: NetworkFiles): CropReader {
  const net = nets.faceExpressionNet;
  net.loadFromWeightMap(
    tf.io.decodeWeights(
      faceApi.bytes,
      faceApi.manifest.flatMap(({ weights }) => weights),
    ),
  );
  return {
    labels: FACE_API_LABELS,
    read: async (grey) => {
      const image = tf.tensor(rgbOf(grey), [SIDE, SIDE, 3], "int32");
      const said = await net.predictExpressions(image);
      image.dispose();
      return FACE_API_LABELS.map((name) => said[name]!);
    },
  };
}

/** human's emotion network; around it, the steps of its emotion.ts. */
export async function openHuman(tf: Tf, { human: { model, bytes } }: NetworkFiles): Promise<CropReader> {
  const weightSpecs = model.weightsManifest.flatMap(({ weights }) => weights);
  const network = await tf.loadGraphModel(
    tf.io.fromMemory({ modelTopology: model.modelTopology, weightSpecs, weightData: bytes }),
  );
  return {
    labels: HUMAN_LABELS,
    read: async (grey) => {
      const output = tf.tidy(() => {
        const image = tf.tensor(
          Float32Array.from(rgbOf(grey), (value) => value / 255),
          [1, SIDE, SIDE, 3],
          "float32",
        );
        const large = tf.image.resizeBilinear(image, [HUMAN_SIDE, HUMAN_SIDE], false);
        const single = tf.sum(tf.mul(large, tf.tensor(HUMAN_GREY, [3], "float32")), 3, true);
        return network.execute(tf.mul(tf.sub(single, 0.5), 2));
      });
      const said = Array.from(await output.data());
      output.dispose();
      return said;
    },
  };
}
