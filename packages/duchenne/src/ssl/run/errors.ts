import { ExplainedError } from "../../lib/errors.ts";

/** A run folder that cannot be used as asked. */
export class RunFolderError extends ExplainedError {
  override readonly name = "RunFolderError";
}

/** A checkpoint that is damaged, or does not fit what it is loaded into. */
export class CheckpointError extends ExplainedError {
  override readonly name = "CheckpointError";
}
