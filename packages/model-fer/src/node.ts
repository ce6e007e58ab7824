/**
 * Where the model that ships lies, as a path, and the terms of its data.
 * @module
 */
import { fileURLToPath } from "node:url";
import { MODEL_URL } from "./index.ts";

export { MODEL_TERMS } from "./index.ts";

/** Path of the model's folder, for `openModel` of `duchenne/deploy`. */
export const modelFolder: string = fileURLToPath(MODEL_URL);
