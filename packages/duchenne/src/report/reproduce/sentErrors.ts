/** Errors on their way from a process to its parent, with their class: messages between processes keep only the text of an error. */
import { DataError } from "../../data/datasets/types.ts";
import { StoreError, StoreOptionsError } from "../../data/store/errors.ts";
import { ProbeError } from "../../evaluate/schema/errors.ts";
import { ConfigError } from "../../lib/errors.ts";
import { WriteError } from "../../lib/files/errors.ts";
import { ComponentError } from "../../ssl/config/components.ts";
import { LoaderError } from "../../ssl/loader/errors.ts";
import { CheckpointError, RunFolderError } from "../../ssl/run/errors.ts";
import { SamplingError } from "../../ssl/sampling/errors.ts";
import { PlanError } from "./errors.ts";

const CLASSES = [
  CheckpointError,
  ComponentError,
  ConfigError,
  DataError,
  LoaderError,
  PlanError,
  ProbeError,
  RunFolderError,
  SamplingError,
  StoreError,
  StoreOptionsError,
  WriteError,
] as const;

/** An error as plain data. */
export interface SentError {
  /** Name of its class; undefined for one that is not of this package. */
  readonly className: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
  /** Its own fields: strings, numbers, lists of these. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Takes an error apart. */
export function packError(error: Error): SentError {
  const className = CLASSES.find((known) => error.constructor === known)?.name;
  const fields = Object.entries(error).filter(
    ([key, value]) => key !== "cause" && typeof value !== "function" && !(value instanceof Error),
  );
  return { className, message: error.message, stack: error.stack, fields: Object.fromEntries(fields) };
}

/** Puts an error together again: of the same class, with the same fields. */
export function unpackError({ className, message, stack, fields }: SentError): Error {
  const known = CLASSES.find(({ name }) => name === className);
  const error = new Error(message);
  if (known !== undefined) Object.setPrototypeOf(error, known.prototype as object);
  Object.assign(error, fields);
  if (stack !== undefined) error.stack = stack;
  return error;
}
