/** A tensor of onnxruntime, as far as it is used. */
export interface OrtTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: object;
}

/** A session of onnxruntime, as far as it is used. */
export interface Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>>;
  release(): Promise<void>;
}

/** onnxruntime's own options, such as `executionProviders` and `intraOpNumThreads`. */
export type SessionOptions = object;

/**
 * The part of onnxruntime that is used: the module `onnxruntime-node`, `onnxruntime-web` or `onnxruntime-web/wasm` itself is one. Declared
 * here, for onnxruntime's own declarations ask for a browser's types.
 */
export interface OrtRuntime {
  readonly InferenceSession: {
    /** From a path or address. */
    create(path: string, options?: SessionOptions): Promise<Session>;
    /** From the bytes of an ONNX file. */
    create(bytes: Uint8Array, options?: SessionOptions): Promise<Session>;
  };
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => OrtTensor;
  /** onnxruntime-web's settings; errors name the place of its files. */
  readonly env?: { readonly wasm?: object };
}
