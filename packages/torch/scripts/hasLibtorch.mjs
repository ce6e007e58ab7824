// Ends with 0 if there is a libtorch to build against: setup.sh asks.
import { findLibtorch, LibtorchError } from "./libtorch.mjs";

try {
  if (findLibtorch() === undefined) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof LibtorchError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
