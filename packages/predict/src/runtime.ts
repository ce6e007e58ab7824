import type {
  InferenceSession,
  InferenceSessionFactory,
  Tensor,
  TensorConstructor,
} from "onnxruntime-common";

/** The part of onnxruntime that is used: the module `onnxruntime-node`, `onnxruntime-web` or `onnxruntime-web/wasm` itself is one. */
export interface OrtRuntime {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
  /** onnxruntime-web's settings; where its files are is told in errors. */
  readonly env?: { readonly wasm?: object };
}

/** A session of onnxruntime. */
export type Session = InferenceSession;
/** onnxruntime's own options, such as `executionProviders` and `intraOpNumThreads`. */
export type SessionOptions = InferenceSession.SessionOptions;
/** A tensor of onnxruntime. */
export type OrtTensor = Tensor;
