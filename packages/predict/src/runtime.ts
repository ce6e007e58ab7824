import type {
  InferenceSession,
  InferenceSessionFactory,
  Tensor,
  TensorConstructor,
} from "onnxruntime-common";

/** The part of onnxruntime that is used: the module `onnxruntime-node` or `onnxruntime-web` itself is one. */
export interface OrtRuntime {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
}

export type Session = InferenceSession;
/** onnxruntime's own options, such as `executionProviders` and `intraOpNumThreads`. */
export type SessionOptions = InferenceSession.SessionOptions;
export type OrtTensor = Tensor;
