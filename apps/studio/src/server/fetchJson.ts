import type { Failure } from "duchenne/studio";

/** The server could not do what it was asked, or does not answer. */
export class ServerError extends Error {
  override readonly name = "ServerError";

  constructor(
    readonly path: string,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Asks the studio's server.
 * @throws ServerError with what it says; DOMException (AbortError) when stopped
 */
export async function fetchJson<T>(path: string, init: RequestInit = {}): Promise<T> {
  return (await (await ask(path, init)).json()) as T;
}

/** The same for an answer of any kind. */
export async function ask(path: string, init: RequestInit): Promise<Response> {
  const answer = await reach(path, init);
  if (answer.ok) return answer;
  throw new ServerError(path, await messageOf(answer, path));
}

/** What the server says; of an answer that is not its own, the status. */
async function messageOf(answer: Response, path: string): Promise<string> {
  const failure = (await answer.json().catch(unlessStopped)) as Partial<Failure> | null;
  return (
    failure?.error ??
    `${path}: expected an answer of duchenne studio, received ${answer.status}. Reload the page.`
  );
}

/** Takes an answer that cannot be read for one that says nothing. */
function unlessStopped(error: Error): null {
  if (error.name === "AbortError") throw error;
  return null;
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if ((error as Error).name === "AbortError") throw error;
    throw new ServerError(
      path,
      "studio: expected an answer of the server, received none. Start duchenne studio again.",
    );
  }
}
