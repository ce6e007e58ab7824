import type { Device } from "@duchenne/torch";
import { Random } from "../../lib/random.ts";
import type { PretrainConfig, ViewSettings } from "../config/config.ts";
import type { FrameBatch } from "../sampling/batch.ts";
import { makeViews } from "./makeViews.ts";
import type { ViewBatch } from "./viewBatch.ts";

/** What decides the views of every step of a run, besides its frames. Plain data: it travels to threads. */
export interface ViewPlan {
  readonly config: PretrainConfig;
  /** Updates of the whole run. */
  readonly totalSteps: number;
}

/** The views' settings at a point of the run. @param progress share of it done, in [0, 1) */
export function viewSettings(config: PretrainConfig, progress: number): ViewSettings {
  const { faceSwapProbability, maskFnProbability, ramp } = config;
  const reached = progress < ramp ? progress / ramp : 1;
  return {
    ...config,
    faceSwapProbability: faceSwapProbability * reached,
    maskFnProbability: maskFnProbability * reached,
  };
}

/** The draws of one step's views: they depend on seed and step only, so a resumed run draws the same. */
export const viewStream = ({ seed }: PretrainConfig, step: number): Random =>
  Random.fromSeed(seed).fork("views").fork(`step/${step}`);

/** The views of a batch's step: wherever they are made, the same. */
export function stepViews(batch: FrameBatch, { config, totalSteps }: ViewPlan, device: Device): ViewBatch {
  const settings = viewSettings(config, batch.step / totalSteps);
  return makeViews(batch, settings, viewStream(config, batch.step), device);
}
