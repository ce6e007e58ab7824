// Every way the engine fails, as a class with fields.

/** Base of every error of this package. */
export class TorchError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The native addon could not be loaded. */
export class LoadError extends TorchError {}

/** A value that an operator's schema, or a function of this package, does not take. */
export class ArgumentError extends TorchError {
  constructor(
    readonly operator: string,
    readonly argument: string,
    readonly expected: string,
    readonly received: string,
    /** What to do about it, in sentences. */
    readonly remedy: string,
  ) {
    super(
      withRemedy(
        `${operator}: ${argument ? `${argument}: ` : ""}expected ${expected}, received ${received}`,
        remedy,
      ),
    );
  }
}

/** A tensor or generator used after its memory was given back. */
export class DisposedError extends ArgumentError {}

/** The slot of a tensor whose scope has ended; any other slot below 0 is of one that `dispose` freed. */
export const SCOPE_ENDED = -2;

/** The error of a tensor used too late. @param slot tells whether its scope ended or `dispose` freed it */
export function disposedTensor(where: string, argument: string, slot: number): DisposedError {
  const [cause, remedy] =
    slot === SCOPE_ENDED
      ? [
          "the scope it was made in has ended",
          "Return it from the closure of `scope`, or from the module's `forward`, or keep it: `keep(x)`.",
        ]
      : ["`dispose` or `using` freed it", "Dispose a tensor after its last use."];
  return new DisposedError(where, argument, "a live Tensor", `a disposed Tensor: ${cause}`, remedy);
}

/** @internal A message and, in a sentence of its own, what to do. */
export function withRemedy(message: string, remedy: string): string {
  return remedy ? `${message.replace(/\.?\s*$/, ".")} ${remedy}` : message;
}

/** No operator of that name in this libtorch. */
export class UnknownOperatorError extends TorchError {
  constructor(
    readonly operator: string,
    libtorch: string,
  ) {
    super(
      `${operator}: expected an operator of libtorch ${libtorch}, received a name that it does not have. \`operatorNames()\` lists all of them.`,
    );
  }
}

/** What an OperatorError adds: which of libtorch's kinds of failure it was. */
export type OperatorErrorKind = "operator" | "index" | "notImplemented" | "outOfMemory" | "unsupportedType";

/** libtorch refused a call: the shapes do not fit, an index is out of range, memory ran out. */
export class OperatorError extends TorchError {
  constructor(
    readonly operator: string,
    /** One entry per argument, e.g. `float32[2, 3]`, `1`, `null`. */
    readonly received: readonly string[],
    readonly kind: OperatorErrorKind,
    /** libtorch's own words. */
    readonly reason: string,
    /** What to do about it. */
    readonly remedy: string,
  ) {
    super(withRemedy(`${operator}(${received.join(", ")}): ${reason}`, remedy));
  }
}

/** A tensor of another shape than a function takes: the message says which shape to pass. */
export class ShapeError extends TorchError {
  constructor(
    readonly where: string,
    readonly expected: string,
    readonly received: string,
    /** What to do about it, in sentences. */
    readonly remedy = "Pass what is expected: `reshape`, `unsqueeze` or `transpose` makes one shape of another.",
  ) {
    super(withRemedy(`${where}: expected ${expected}, received ${received}`, remedy));
  }
}

/** @throws ArgumentError for a key that is none of the known ones: a misspelt option would be ignored without a word */
export function refuseUnknown(where: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options))
    if (!known.includes(key))
      throw new ArgumentError(
        where,
        "options",
        `one of ${known.join(", ")}`,
        key,
        "Use one of these names, or leave the option out.",
      );
}
