import { scope, setThreads } from "@duchenne/torch";
import type { FrameBatch } from "../sampling/batch.ts";
import { type SharedViews, writeViews } from "../views/sharedViews.ts";
import { stepViews, type ViewPlan } from "../views/stepViews.ts";

/** Makes a filled slot's views, in its own memory. To be called on a thread of its own: one processor is all it takes. */
export function viewFiller(plan: ViewPlan): (batch: FrameBatch, views: SharedViews) => void {
  setThreads(1);
  return (batch, views) => scope(() => writeViews(views, stepViews(batch, plan, "cpu")));
}
