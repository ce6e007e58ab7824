import type { Device } from "@duchenne/torch";
import { Random } from "../../lib/random.ts";
import type { BatchShare, FrameBatch } from "../sampling/batch.ts";
import { makeViews } from "./makeViews.ts";
import type { ViewSettings } from "./settings.ts";
import type { ViewBatch } from "./viewBatch.ts";

/** What decides the built-in views of every step of a run, besides its frames. Plain data: it travels to threads. */
export interface ViewPlan {
  readonly settings: ViewSettings;
  /** The run's. */
  readonly seed: number;
  /** Updates of the whole run. */
  readonly totalSteps: number;
  /** Of several processes that train together: the rows of this one. */
  readonly share?: BatchShare;
}

/**
 * The settings at a point of the run.
 * @param progress share of the run done, in [0, 1)   @param strength of a curriculum by progress; without one components are whole
 */
export function viewSettings(settings: ViewSettings, progress: number, strength = 1): ViewSettings {
  const { faceSwapProbability, maskFnProbability, curriculum, curriculumFraction } = settings;
  const share = progress < curriculumFraction ? progress / curriculumFraction : 1;
  const reached = curriculum === "progress" ? strength : share;
  return {
    ...settings,
    faceSwapProbability: faceSwapProbability * reached,
    maskFnProbability: maskFnProbability * reached,
  };
}

/** The draws of one step's views: they depend on seed and step only, so a resumed run draws the same. */
export const viewStream = ({ seed }: { readonly seed: number }, step: number): Random =>
  Random.fromSeed(seed).fork("views").fork(`step/${step}`);

/** The built-in views of a batch's step: the same on every thread and device. */
export function stepViews(batch: FrameBatch, plan: ViewPlan, device: Device): ViewBatch {
  const settings = viewSettings(plan.settings, batch.step / plan.totalSteps, batch.strength);
  return makeViews(batch, settings, viewStream(plan, batch.step), device, [], plan.share);
}
