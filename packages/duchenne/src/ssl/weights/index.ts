export type { DownloadProgress } from "./download.ts";
export { DownloadError, HashError } from "./errors.ts";
export { type FetchOptions, fetchHashedFile, fetchWeights } from "./fetchWeights.ts";
export { defaultCache, WEIGHT_FILES, WEIGHTS_URL, type WeightsName } from "./files.ts";
