export { type Input, listInputs } from "./inputs.ts";
export type { SeenFace, SeenFrame } from "./look.ts";
export { openModel } from "./openModel.ts";
export { type FaceRow, rowsOf } from "./rows.ts";
export {
  type Watched,
  type WatchHooks,
  type WatchOptions,
  type WatchProgress,
  watch,
} from "./watch.ts";
