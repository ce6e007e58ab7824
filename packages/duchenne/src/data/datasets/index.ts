export { DATASET_NAMES, DATASETS, type DataSetName, detectDataSet, layouts } from "./registry.ts";
export {
  DataError,
  type DataSet,
  type FaceBox,
  type ReadOptions,
  type Sample,
  type SampleSource,
} from "./types.ts";
