/** A model in a thread of its own: the page finds the faces of the next frame meanwhile. */
import type { Prediction } from "@duchenne/predict";
import { type Engine, type OpenedModel, openModel } from "./runtime.ts";

/** A frame and the landmarks of its faces, each [136] in pixels of the frame. */
export interface FacesRequest {
  readonly call: number;
  /** [height, width, 4] RGBA bytes */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly landmarks: readonly Float32Array[];
}

/** What the worker is sent: first the model's id, then frames. */
export type WorkerRequest = { readonly model: string } | FacesRequest;

/** What the worker answers, in the order of the requests; the model's own answer has no call. */
export type WorkerAnswer =
  | { readonly opened: { readonly engine: Engine; readonly size: number } }
  | ({ readonly call: number } & FacesAnswer)
  | { readonly call?: number; readonly failed: string };

/** Predictions in the order of the faces. */
export interface FacesAnswer {
  readonly predictions: readonly Prediction[];
  /** What the network saw of the first face: [size, size, 3] RGB. */
  readonly view: Uint8Array | undefined;
}

/** The worker's own scope, which the page's type declarations leave out. */
interface Scope {
  postMessage(answer: WorkerAnswer): void;
  addEventListener(type: "message", listen: (event: MessageEvent<WorkerRequest>) => void): void;
}

const scope = globalThis as unknown as Scope;
let opened: Promise<OpenedModel> | undefined;

scope.addEventListener("message", ({ data: request }) => {
  const call = "call" in request ? { call: request.call } : {};
  answer(request).then(
    (told) => scope.postMessage(told),
    (error: Error) => scope.postMessage({ ...call, failed: error.message }),
  );
});

async function answer(request: WorkerRequest): Promise<WorkerAnswer> {
  if ("model" in request) {
    opened = openModel(request.model);
    const { model, engine } = await opened;
    return { opened: { engine, size: model.info.size } };
  }
  const { model } = await opened!;
  const { call, data, width, height, landmarks } = request;
  const crops = landmarks.map((points) =>
    model.crop({ data, width, height, channels: 4 }, { landmarks: points }),
  );
  return { call, predictions: await model.predictCrops(crops), view: crops[0] };
}
