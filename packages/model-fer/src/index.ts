/**
 * Where the model that ships lies, as an address, and the terms of its data.
 * @module
 */

/**
 * Address of the model's folder, for `fetchModel` of `@duchenne/predict`; it ends with a slash. In a browser, that of `model/` beside
 * this package's `dist/`, as long as no bundler moves this file.
 */
export const MODEL_URL: string = new URL("../model/", import.meta.url).href;

/** Terms of the data that the model learned from, in one line. */
export const MODEL_TERMS =
  "for research: it learned from FER2013's images, whose rights lie with others (LICENSE, NOTICE.md)";
