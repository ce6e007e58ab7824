import { WeightsError } from "../../src/weights/errors.ts";

/** The WeightsError that a call throws; anything else it throws, or none, fails the test. */
export function caught(call: () => unknown): WeightsError {
  try {
    call();
  } catch (error) {
    if (error instanceof WeightsError) return error;
    throw error;
  }
  throw new Error("expected a WeightsError, but the call returned");
}
