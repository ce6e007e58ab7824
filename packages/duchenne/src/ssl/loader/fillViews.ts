import { scope, setThreads } from "@duchenne/torch";
import { writeViews } from "../views/sharedViews.ts";
import { stepViews, type ViewPlan } from "../views/stepViews.ts";
import type { batchIn } from "./slot.ts";

/** Makes a filled slot's views, in its own memory. To be called on a thread of its own: one processor is all it takes. */
export function viewFiller(plan: ViewPlan): (batch: ReturnType<typeof batchIn>) => void {
  setThreads(1);
  return (batch) => scope(() => writeViews(batch.views!, stepViews(batch, plan, "cpu")));
}
