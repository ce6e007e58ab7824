// When tensors are freed. JavaScript's collector does not see tensor memory, so lifetimes follow scopes; what is
// forgotten outside every scope is still freed, later, by the collector (native/binding.cc).
import { SCOPE_ENDED, TorchError } from "./errors.ts";
import { native } from "./native.ts";
import { reserve, tape } from "./tape.ts";
import { Tensor } from "./tensor.ts";

let current: Tensor[] | null = null;

/** @internal Notes a new tensor in the innermost scope. */
export function track(tensor: Tensor): void {
  if (current !== null) current.push(tensor);
}

/**
 * Runs a closure and disposes every tensor made in it, except those it returns (in lists, maps and plain objects, at any
 * depth) and those passed to `keep`. Returned tensors belong to the enclosing scope.
 * @throws TorchError if the closure returns a promise: a scope ends when its closure does
 */
export function scope<T>(closure: () => T): T {
  const outer = current;
  const made: Tensor[] = [];
  current = made;
  let escaping: Set<Tensor> | undefined;
  try {
    const result = closure();
    if (result instanceof Promise)
      throw new TorchError(
        "scope: expected a synchronous closure, received a promise. Await outside the closure, and pass the result in.",
      );
    escaping = tensorsIn(result);
    return result;
  } finally {
    current = outer;
    disposeAllBut(made, escaping);
  }
}

/** Takes a tensor out of every scope: it lives until it is disposed or forgotten. Parameters and state are kept. */
export function keep<T extends Tensor>(tensor: T): T {
  tensor.kept = true;
  return tensor;
}

/** How many tensors this thread's JavaScript holds. The measure of a leak. */
export function liveTensors(): number {
  return native.liveTensors();
}

function disposeAllBut(made: readonly Tensor[], escaping: Set<Tensor> | undefined): void {
  if (made.length === 0) return;
  let count = 0;
  reserve(made.length);
  for (const tensor of made) {
    if (tensor.isDisposed || tensor.kept) continue;
    if (escaping?.has(tensor)) {
      track(tensor);
      continue;
    }
    tape[count++] = tensor.forget(SCOPE_ENDED);
  }
  native.releaseMany(count);
}

function tensorsIn(value: unknown, found = new Set<Tensor>(), seen = new Set<object>()): Set<Tensor> {
  if (value === null || typeof value !== "object" || seen.has(value)) return found;
  seen.add(value);
  if (value instanceof Tensor) found.add(value);
  else if (Array.isArray(value) || value instanceof Set)
    for (const item of value) tensorsIn(item, found, seen);
  else if (value instanceof Map) for (const item of value.values()) tensorsIn(item, found, seen);
  else if (!ArrayBuffer.isView(value)) for (const item of Object.values(value)) tensorsIn(item, found, seen);
  return found;
}
