/** The addon cannot be built, or not found, or not opened. */
export class AddonError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = "AddonError";
  }
}
