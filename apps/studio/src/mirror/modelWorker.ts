/** A model in a thread of its own: faces of the next frame are found meanwhile. */
import type { Prediction } from "@duchenne/predict";
import { answerCalls } from "./answerCalls.ts";
import { type Engine, type OpenedModel, openModel } from "./runtime.ts";

/** A frame and the landmarks of its faces, each [136] in pixels of the frame. */
export interface FacesRequest {
  readonly pixels: ImageData;
  readonly landmarks: readonly Float32Array[];
}

/** What the worker is sent: first the model's id, then frames. */
export type ModelRequest = { readonly model: string } | FacesRequest;
export type ModelAnswer = Opened | FacesAnswer;

/** The answer to the model's id. */
export interface Opened {
  readonly engine: Engine;
  readonly size: number;
}

/** Predictions in the order of the faces. */
export interface FacesAnswer {
  readonly predictions: readonly Prediction[];
  /** What the network saw of the first face: [size, size, 3] RGB. */
  readonly view: Uint8Array | undefined;
}

let opened: OpenedModel | undefined;

answerCalls<ModelRequest, ModelAnswer>(async (request) => {
  if ("model" in request) {
    opened = await openModel(request.model);
    return { engine: opened.engine, size: opened.model.info.size };
  }
  const { model } = opened!;
  const { data, width, height } = request.pixels;
  const crops = request.landmarks.map((landmarks) =>
    model.crop({ data, width, height, channels: 4 }, { landmarks }),
  );
  return { predictions: await model.predictCrops(crops), view: crops[0] };
});
