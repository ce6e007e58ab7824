import type { Answered, Call } from "./callingWorker.ts";

/** The worker's own scope, which the page's type declarations leave out. */
interface Scope<Request, Answer> {
  postMessage(answered: Answered<Answer>, transfer: Transferable[]): void;
  addEventListener(type: "message", listen: (event: MessageEvent<Call<Request>>) => void): void;
}

/**
 * Answers the calls of a `CallingWorker`, one after the other.
 * @param transferred parts of an answer that go to the page and are not copied
 */
export function answerCalls<Request, Answer>(
  answer: (request: Request) => Promise<Answer>,
  transferred: (answer: Answer) => Transferable[] = () => [],
): void {
  const scope = globalThis as unknown as Scope<Request, Answer>;
  let last: Promise<void> = Promise.resolve();
  scope.addEventListener("message", ({ data: { call, request } }) => {
    last = last
      .then(() => answer(request))
      .then(
        (result) => scope.postMessage({ call, answer: result }, transferred(result)),
        (error: Error) => scope.postMessage({ call, failed: error.message }, []),
      );
  });
}
