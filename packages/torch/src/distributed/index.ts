export {
  type AllReduce,
  allGather,
  allGatherRows,
  allGatherText,
  allReduce,
  allReduceAsync,
  barrier,
  broadcast,
  type ReduceOp,
  sumInBuckets,
} from "./collectives.ts";
export { type LaunchEnvironment, launchedRank, type RankPlace } from "./environment.ts";
export { ProcessGroupError } from "./errors.ts";
export {
  destroyProcessGroup,
  groupErrorOf,
  initProcessGroup,
  isInitialized,
  type ProcessGroup,
  type ProcessGroupOptions,
  processGroup,
  usesNccl,
} from "./processGroup.ts";
