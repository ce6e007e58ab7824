/** Video files to tracked face crops with 68 landmarks. */
export { FaceError, MediaError } from "./errors.ts";
export type * from "./types.ts";
