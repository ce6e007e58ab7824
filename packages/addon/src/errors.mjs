/** Whom to ask what to do. */
export const DOCTOR = "`npx duchenne doctor` says what is missing and how to install it.";

/** The addon cannot be built, or not found, or not opened. */
export class AddonError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = "AddonError";
  }
}
